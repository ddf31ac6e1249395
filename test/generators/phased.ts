import fc from 'fast-check';
import { applyEvent, initialState, type OneState, type RunState } from '#jobs/apply-event.ts';
import { compensationId } from '#jobs/compile.ts';
import { type Decision, nextSteps } from '#jobs/next-steps.ts';
import { partKey, wholeOf } from '#jobs/parts.ts';
import { allSteps, type Plan, type PlannedStep } from '#jobs/plan.ts';
import type { RunEvent } from '#jobs/run-event.ts';
import { anyPlan, plannedStep } from './plans.ts';
import { carryOut, fresh } from './play.ts';

const extras = fc.record({
  when: fc.constantFrom(undefined, undefined, undefined, undefined, 'failure' as const, 'always' as const),
  /** Which of the earlier steps that have a condition it stands in for, if any. */
  elseOf: fc.option(fc.nat(10), { freq: 2 }),
  isUndone: fc.boolean(),
});

/** Plans over random graphs whose steps stand in for each other, come after failures, clean up and are undone, with handlers. */
export const anyPhasedPlan: fc.Arbitrary<Plan> = anyPlan.chain((plan) =>
  fc
    .record({
      more: fc.array(extras, { minLength: plan.steps.length, maxLength: plan.steps.length }),
      onFailure: fc.nat(2),
      onCancel: fc.nat(2),
    })
    .map(({ more, onFailure, onCancel }) => {
      const isCleanUp = (id: string): boolean => more[plan.steps.findIndex((step) => step.id === id)]?.when === 'always';
      const steps = plan.steps.map((step, at): PlannedStep => {
        const { when, elseOf = null, isUndone } = more[at] ?? {};
        const others = plan.steps.slice(0, at).filter((other) => other.if !== null && (when === 'always' || !isCleanUp(other.id)));
        const other = elseOf === null ? undefined : others[elseOf % Math.max(1, others.length)]?.id;
        const needs = [...new Set([...step.needs, ...(other === undefined ? [] : [other])])];
        const { target, needsTarget } = step;
        const undo = plannedStep(compensationId(step.id), step.number, { target, needsTarget });
        return {
          ...step,
          needs: when === 'always' ? needs : needs.filter((need) => !isCleanUp(need)),
          ...(when && { when }),
          ...(other !== undefined && { elseOf: other }),
          ...(isUndone && when !== 'always' && { compensate: undo }),
        };
      });
      const handlers = (name: string, count: number) => Array.from({ length: count }, (_, at) => plannedStep(`${name}${at}`, 100 + at));
      return { ...plan, steps, onFailure: handlers('failed', onFailure), onCancel: handlers('cancelled', onCancel) };
    }),
);

/** How a run goes: what ends next, how each try of each step ends, and when somebody cancels it. */
export interface Course {
  /** One of so many, at each turn. */
  readonly pick: (turn: number, of: number) => number;
  readonly succeeds: (key: string, isRetry: boolean) => boolean;
  /** The turn at which a person cancels the run; null: none. */
  readonly cancelAt: number | null;
}

export interface Gone {
  readonly end: string;
  readonly state: RunState;
  /** What was started, in that order. */
  readonly started: readonly string[];
  /** What completed, in that order. */
  readonly completed: readonly string[];
  /** Where the run stood at the begin of each turn. */
  readonly states: readonly RunState[];
}

/** The state in which a run begins that keeps in which order its steps end. */
export const freshUndoable = initialState(fresh.facts, true);

/** Lets a run go to its end; throws where it waits for nothing that could happen. */
export function go(plan: Plan, course: Course, begin: RunState = freshUndoable, firstTurn = 0): Gone {
  let state = begin;
  const started: string[] = [];
  const completed: string[] = [];
  const states: RunState[] = [];
  const apply = (event: RunEvent): void => {
    if (event.type === 'step_completed') completed.push(event.key);
    state = applyEvent(state, event);
  };
  for (let turn = firstTurn; turn < firstTurn + 1_000; turn += 1) {
    states.push(state);
    if (turn === course.cancelAt) apply({ type: 'cancel_requested', wish: { actor: 'ada', reason: null } });
    const decisions = nextSteps(plan, state, 0);
    const [finish] = decisions.filter((decision) => decision.do === 'finish');
    if (finish) return { end: finish.status, state, started, completed, states };
    started.push(...decisions.flatMap((decision) => (decision.do === 'start' ? [decision.key] : [])));
    for (const event of decisions.flatMap(carryOut)) apply(event);
    const event = nextEvent(plan, state, course, turn);
    if (event) apply(event);
    else if (decisions.every(isWait)) throw new Error(`waits for nothing: ${JSON.stringify(decisions)}`);
  }
  throw new Error('never ends');
}

const isWait = (decision: Decision): boolean => decision.do === 'wait';

const pieces = (state: RunState): readonly (readonly [key: string, state: OneState | undefined])[] =>
  Object.entries(state.steps).flatMap(([id, step]) =>
    step.parts ? step.parts.map((part, n) => [partKey(id, n), part.state] as const) : [[id, step] as const],
  );

function nextEvent(plan: Plan, state: RunState, { pick, succeeds }: Course, turn: number): RunEvent | undefined {
  const atWork = pieces(state).flatMap(([key, piece]) => (piece?.status === 'running' ? [{ key, attempts: piece.attempts }] : []));
  const one = atWork[pick(turn, atWork.length)];
  if (one === undefined) {
    const waiting = pieces(state).find(([, piece]) => piece?.status === 'waiting');
    return waiting && { type: 'step_retried', key: waiting[0] };
  }
  const { key, attempts } = one;
  const step = allSteps(plan).find(({ id }) => id === (wholeOf(key) ?? key));
  if (step?.id === key && Array.isArray(step.target))
    return { type: 'step_expanded', key, parts: step.target.map((target: string) => ({ target })) };
  if (succeeds(key, attempts > 0)) return { type: 'step_completed', key, outputs: { by: key } };
  const otherwise = step?.id === key ? 'fail' : 'tolerate';
  const outcome = step?.continueOnFailure ? 'tolerate' : step?.onError === 'wait' ? 'wait' : otherwise;
  return { type: 'step_failed', key, error: { type: 'exit_code', message: 'ended with 3' }, attempts: attempts + 1, outcome };
}
