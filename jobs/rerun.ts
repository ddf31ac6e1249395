import type { SkipReason, StepState } from './apply-event.ts';
import { canonical } from './canonical.ts';
import { compensationId } from './compile.ts';
import { readsIn } from './expression/evaluate.ts';
import { hasExpression, partsOf } from './expression/scan.ts';
import { upstreamOf } from './graph.ts';
import type { Json, JsonObject } from './json.ts';
import type { Plan, PlannedStep } from './plan.ts';
import { completedParts, folded, partlyKept } from './rerun-parts.ts';
import type { ScheduleContext } from './schedules/context.ts';
import type { TargetChoice } from './target-choice.ts';

/** Why a step of a re-run is executed instead of keeping its result. */
export const RUNS_BECAUSE = ['chosen', 'not_completed', 'new', 'changed', 'parameter', 'undone', 'each_run', 'upstream'] as const;
export type RunsBecause = (typeof RUNS_BECAUSE)[number];

/** A run's plan with what it is filled in with. */
export interface RunBasis {
  readonly plan: Plan;
  readonly parameters: JsonObject;
  readonly target: TargetChoice | null;
  /** The moment of a schedule that it stands for, which a re-run shares. */
  readonly schedule?: ScheduleContext | undefined;
}

export interface RerunAsked {
  /** The run that is run again, and where its steps stood when it had ended (`earlierStates`). */
  readonly before: RunBasis & { readonly steps: { readonly [id: string]: StepState } };
  readonly now: RunBasis;
  /** Ids of steps to run again, with everything behind them; null: what did not complete. */
  readonly from: readonly string[] | null;
  /** A step in parts keeps those that completed. */
  readonly failedItemsOnly: boolean;
  /** The only steps that run at all; null: every one. */
  readonly chosen: readonly string[] | null;
}

/** What a re-run was asked, what it keeps of the run before, and why the rest runs. */
export interface RerunFacts {
  readonly from: readonly string[] | null;
  readonly failed_items_only: boolean;
  readonly kept: readonly string[];
  /** Steps that run again in some of their parts, with how many they keep. */
  readonly partly: readonly { readonly step: string; readonly kept: number; readonly of: number }[];
  readonly runs: readonly { readonly step: string; readonly because: RunsBecause; readonly message: string }[];
}

export interface RerunPlan {
  readonly facts: RerunFacts;
  /** Where the new run's steps stand when it begins, by their ids. */
  readonly steps: { readonly [id: string]: StepState };
}

interface Reason {
  readonly because: RunsBecause;
  readonly message: string;
}

/**
 * What a re-run keeps and what it runs. Closed under dependants: whatever needs a step that runs, runs. A result is kept only if the step is the
 * same in both plans, reads no parameter that has changed, and all it needs is kept.
 */
export function planRerun(asked: RerunAsked): RerunPlan {
  const { before, from, failedItemsOnly, chosen } = asked;
  const steps = asked.now.plan.steps.filter(({ id }) => chosen === null || chosen.includes(id));
  const reasons = withDependants(steps, new Map([...approvalsOfOthers(steps, asked), ...steps.flatMap((step) => ownReason(step, asked))]));
  const kept = steps.filter(({ id }) => !reasons.has(id));
  const again = steps.flatMap((step) => {
    const reason = reasons.get(step.id);
    return reason ? [runAgain(step, reason, asked, reasons)] : [];
  });
  const partly = again.flatMap(({ id, state }) => (state ? [{ id, state }] : []));
  return {
    facts: {
      from,
      failed_items_only: failedItemsOnly,
      kept: kept.map(({ id }) => id),
      partly: partly.map(({ id, state }) => ({ step: id, kept: completedParts(state), of: state.parts?.length ?? 0 })),
      runs: again.map(({ id, reason }) => ({ step: id, ...reason })),
    },
    steps: Object.fromEntries([
      ...kept.map((step) => [step.id, folded(step, before.steps[step.id] as StepState)] as const),
      ...partly.map(({ id, state }) => [id, state] as const),
    ]),
  };
}

/** The ids among these that the plan has no step for. */
export const absentSteps = ({ steps }: Plan, ids: readonly string[]): readonly string[] =>
  ids.filter((wanted) => !steps.some(({ id }) => id === wanted));

/** The steps that need none of the others, of all or of those that were chosen: with these, everything runs again. */
export function rootSteps({ steps }: Plan, chosen: readonly string[] | null): readonly string[] {
  const among = steps.filter(({ id }) => chosen === null || chosen.includes(id));
  const ids = new Set(among.map(({ id }) => id));
  return among.filter((step) => !upstreamNames(step).some((id) => ids.has(id))).map(({ id }) => id);
}

/** Skips that came from the step itself or from a person, not from how others ended. */
const OWN_SKIPS: readonly SkipReason[] = ['condition', 'disabled', 'not_selected', 'person', 'expired'];

const isResult = (state: StepState): boolean =>
  state.status === 'completed' || (state.status === 'skipped' && OWN_SKIPS.includes(state.reason));

function ownReason(step: PlannedStep, asked: RerunAsked): readonly (readonly [string, Reason])[] {
  const reason = reasonOf(step, asked);
  return reason ? [[step.id, reason]] : [];
}

/** Approvals are given for what comes behind them: when that is not what it was, they are asked for anew. */
function approvalsOfOthers(steps: readonly PlannedStep[], asked: RerunAsked): readonly (readonly [string, Reason])[] {
  const needs = new Map(steps.map((step) => [step.id, upstreamNames(step)]));
  const approvals = steps.filter(({ type }) => type === 'approval').map(({ id }) => id);
  if (approvals.length === 0) return [];
  return steps.flatMap((step) => {
    if (changeOf(step, asked) === null) return [];
    const upstream = upstreamOf(step.id, needs);
    const reason = { because: 'changed', message: `what it was given for has changed: step ${step.id}` } as const;
    return approvals.filter((id) => upstream.has(id)).map((id) => [id, reason] as const);
  });
}

/** Why this step would run also if all it needs were kept; null when nothing about it asks for that. */
function reasonOf(step: PlannedStep, asked: RerunAsked): Reason | null {
  const { before, from } = asked;
  const state = before.steps[step.id];
  if (from?.includes(step.id)) return { because: 'chosen', message: 'it was chosen' };
  const changed = changeOf(step, asked);
  if (changed) return changed;
  if (!state) return { because: 'not_completed', message: 'it did not run' };
  if (!isResult(state)) return { because: 'not_completed', message: `it was ${state.status}` };
  if (state.status === 'skipped') return null;
  if (step.when === 'always' || step.when === 'failure')
    return { because: 'each_run', message: `it follows what else happens in a run (when: ${step.when})` };
  const undone = before.steps[compensationId(step.id)];
  return undone && undone.status !== 'skipped' ? { because: 'undone', message: 'what it did was undone' } : null;
}

/** What is not as it was about a step, in its plan or in what it reads. */
function changeOf(step: PlannedStep, { before, now }: RerunAsked): Reason | null {
  const earlier = before.plan.steps.find(({ id }) => id === step.id);
  if (!earlier) return { because: 'new', message: 'the version that ran before does not have it' };
  const fields = differingFields(essenceOf(earlier, before.target), essenceOf(step, now.target));
  if (fields.length > 0) return { because: 'changed', message: `its ${fields.join(', ')} changed` };
  const names = changedParameters(before.parameters, now.parameters);
  const read = names.length === 0 ? [] : names.filter(readsParameter(step, now.target));
  return read.length > 0 ? { because: 'parameter', message: `it reads ${read.map((name) => `parameters.${name}`).join(', ')}` } : null;
}

/** How a step is carried out, and where it stands, says nothing about what came of it. */
const MANNER = [
  'number',
  'name',
  'priority',
  'timeoutMs',
  'retry',
  'interventionMs',
  'locks',
  'rate',
  'maxParallel',
  'batch',
  'fail',
  'onError',
  'continueOnFailure',
  'inline',
  'compensate',
  // These follow from type and config.
  'code',
  'queue',
  'effect',
  'reattaches',
] as const satisfies readonly (keyof PlannedStep)[];

function essenceOf(step: PlannedStep, runTarget: TargetChoice | null): JsonObject {
  const fields = Object.entries(step as unknown as JsonObject).filter(([name]) => !(MANNER as readonly string[]).includes(name));
  const own = step.needsTarget ? (step.target ?? runTarget) : null;
  // An expression may name the run's target where the step itself has none, or another.
  const readsRuns = readsBy(step, runTarget).some((read) => read === null || read.parts.has('target'));
  const target = (readsRuns ? { own, run: runTarget } : own) as Json;
  return { ...Object.fromEntries(fields), needs: [...step.needs].sort(), target };
}

const differingFields = (a: JsonObject, b: JsonObject): readonly string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => canonical(a[name] ?? null) !== canonical(b[name] ?? null));

const changedParameters = (before: JsonObject, now: JsonObject): readonly string[] => differingFields(before, now);

/** Whether the step's own expressions read a parameter; one that cannot be read, or goes through all of them, reads each. */
function readsParameter(step: PlannedStep, runTarget: TargetChoice | null): (name: string) => boolean {
  const ofParameters = readsBy(step, runTarget).map((read) => (read === null ? null : read.parts.get('parameters')));
  return (name) => ofParameters.some((read) => read === null || (read !== undefined && (read.whole || read.parts.has(name))));
}

/** What each of the step's own expressions reads; null for one that cannot be read. */
function readsBy(step: PlannedStep, runTarget: TargetChoice | null): readonly ReturnType<typeof readsIn>[] {
  const target = step.needsTarget ? (step.target ?? runTarget) : null;
  const templates = [...textsIn([step.config, target as Json, (step.items ?? null) as Json])].flatMap(sourcesOf);
  return [...templates, ...(step.if === null ? [] : [step.if])].map(readsIn);
}

function* textsIn(value: Json): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) yield* textsIn(item as Json);
}

const sourcesOf = (text: string): readonly string[] =>
  hasExpression(text) ? partsOf(text).flatMap((part) => ('source' in part ? [part.source] : [])) : [];

/** The reasons, and those of every step behind one of them. */
function withDependants(steps: readonly PlannedStep[], own: ReadonlyMap<string, Reason>): ReadonlyMap<string, Reason> {
  const reasons = new Map(own);
  const dependants = Map.groupBy(
    steps.flatMap((step) => upstreamNames(step).map((need) => ({ need, id: step.id }))),
    ({ need }) => need,
  );
  const open = [...reasons.keys()];
  for (let need = open.pop(); need !== undefined; need = open.pop()) {
    for (const { id } of dependants.get(need) ?? []) {
      if (reasons.has(id)) continue;
      reasons.set(id, { because: 'upstream', message: `step ${need}, which it needs, runs again` });
      open.push(id);
    }
  }
  return reasons;
}

const upstreamNames = ({ needs, elseOf }: PlannedStep): readonly string[] => (elseOf === undefined ? needs : [...needs, elseOf]);

/** A step that runs again; with a state, it begins with parts that it keeps. */
interface Again {
  readonly id: string;
  readonly reason: Reason;
  readonly state?: StepState;
}

function runAgain(step: PlannedStep, reason: Reason, asked: RerunAsked, reasons: ReadonlyMap<string, Reason>): Again {
  const { id } = step;
  const state = asked.before.steps[id];
  if (!asked.failedItemsOnly || !state?.parts || completedParts(state) === 0) return { id, reason };
  // Its reason may be that it was named, which says nothing of what else is not as it was.
  const changed = changeOf(step, asked);
  const need = upstreamNames(step).find((one) => reasons.has(one));
  const begun = changed
    ? { why: changed.message }
    : need === undefined
      ? partlyKept(step, state, { ...asked.now, steps: asked.before.steps })
      : { why: `step ${need}, which it needs, runs again` };
  return 'why' in begun
    ? { id, reason: { ...reason, message: `${reason.message}; all of its parts run, since ${begun.why}` } }
    : { id, reason, state: begun.state };
}
