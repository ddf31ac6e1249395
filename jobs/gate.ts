import { isOver, type OneState, type RunState } from './apply-event.ts';
import type { Plan, PlannedStep } from './plan.ts';

/** Whether what a step needs lets it start: not yet, yes, or never, and why. */
export type Gate = 'shut' | 'open' | 'upstream_failed' | 'condition';

type Look = { readonly plan: Plan; readonly state: RunState };

/** Whether a step may start while its run takes its course. */
export function gateOf(step: PlannedStep, look: Look): Gate {
  const gate = BY_WHEN[step.when ?? 'success'](step, look);
  return gate === 'open' && step.elseOf !== undefined && !isSkippedByIf(step.elseOf, look) ? 'condition' : gate;
}

/** Whether a clean-up may start in a run that ends badly, where only other clean-ups can still be ahead of it. */
export function cleanUpGateOf(step: PlannedStep, look: Look): Gate {
  // What a clean-up that a person skipped had needed may never have been begun.
  const isAhead = (id: string): boolean => isCleanUp(plannedStep(look.plan, id)) && !isOver(look.state.steps[id]);
  if (step.needs.some(isAhead)) return 'shut';
  return step.elseOf !== undefined && !isSkippedByIf(step.elseOf, look) ? 'condition' : 'open';
}

export const isCleanUp = (step: PlannedStep | undefined): boolean => step?.when === 'always';

const BY_WHEN = {
  success(step: PlannedStep, look: Look): Gate {
    let gate: Gate = 'open';
    for (const id of step.needs) {
      const need = look.state.steps[id];
      if (isPutOff(id, look)) return 'upstream_failed';
      if (need === undefined || !hasSettled(id, look)) gate = 'shut';
      else if (!satisfies(need)) return 'upstream_failed';
    }
    return gate;
  },
  failure(step: PlannedStep, look: Look): Gate {
    if (step.needs.some((id) => isPutOff(id, look))) return 'upstream_failed';
    if (!step.needs.every((id) => hasSettled(id, look))) return 'shut';
    return hasFailureIn(step.needs, look) ? 'open' : 'condition';
  },
  always(step: PlannedStep, look: Look): Gate {
    if (hasGoneBad(look.state)) return 'shut';
    return step.needs.every((id) => hasSettled(id, look)) ? 'open' : 'shut';
  },
} as const satisfies Record<NonNullable<PlannedStep['when']>, (step: PlannedStep, look: Look) => Gate>;

const hasGoneBad = ({ firstFailure, cancel, timedOut }: RunState): boolean => firstFailure !== null || cancel !== null || timedOut;

/** A clean-up that waits until the end of a run that has failed, which nothing but other clean-ups can come after. */
export const isPutOff = (id: string, { plan, state }: Look): boolean =>
  state.steps[id] === undefined && hasGoneBad(state) && isCleanUp(plannedStep(plan, id));

/** A step that a person skipped has ended once it could have started: whoever needs it may rely on what it needs. */
function hasSettled(id: string, look: Look): boolean {
  const step = look.state.steps[id];
  if (!isOver(step)) return false;
  if (step?.status !== 'skipped' || step.reason !== 'person') return true;
  return (plannedStep(look.plan, id)?.needs ?? []).every((need) => hasSettled(need, look));
}

/** A need is met by success, by a skip of the step's own making, and by a failure its author allowed. */
function satisfies(need: OneState): boolean {
  if (need.status === 'completed') return true;
  if (need.status === 'skipped') return need.reason !== 'upstream_failed';
  return 'tolerated' in need && need.tolerated;
}

/** Whether one of these, or what they depend on, has failed and nobody allowed it to. */
function hasFailureIn(ids: readonly string[], { plan, state }: Look): boolean {
  const seen = new Set<string>();
  const open = [...ids];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const step = state.steps[id];
    if (step && 'tolerated' in step && !step.tolerated) return true;
    open.push(...(plannedStep(plan, id)?.needs ?? []));
  }
  return false;
}

/** Whether a step was skipped because its `if` was false, and not because it stands in for another or for a failure. */
function isSkippedByIf(id: string, look: Look): boolean {
  const state = look.state.steps[id];
  const step = plannedStep(look.plan, id);
  if (state?.status !== 'skipped' || state.reason !== 'condition' || step === undefined) return false;
  if (step.when === 'failure' && !hasFailureIn(step.needs, look)) return false;
  return step.elseOf === undefined || isSkippedByIf(step.elseOf, look);
}

const indexes = new WeakMap<Plan, ReadonlyMap<string, PlannedStep>>();

/** The step of a plan with this id, apart from compensations and handlers. */
export function plannedStep(plan: Plan, id: string): PlannedStep | undefined {
  const known = indexes.get(plan) ?? new Map(plan.steps.map((step) => [step.id, step] as const));
  indexes.set(plan, known);
  return known.get(id);
}
