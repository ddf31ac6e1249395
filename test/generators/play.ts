import { applyEvent, initialState, type OneState, type RunState, worksOf } from '#jobs/apply-event.ts';
import type { HoldMove } from '#jobs/holds/kind.ts';
import { type Decision, nextSteps as nextStepsAt } from '#jobs/next-steps.ts';
import { partKey, wholeOf } from '#jobs/parts.ts';
import type { Plan, PlannedStep } from '#jobs/plan.ts';
import type { RunEvent } from '#jobs/run-event.ts';

const nextSteps = (plan: Plan, state: RunState) => nextStepsAt(plan, state, 0);

/** A run that was played to its end. */
export interface Played {
  /** Keys in the order in which they were started. */
  readonly order: readonly string[];
  readonly end: string;
  readonly state: RunState;
  /** Most parts of each step that were at work at a time, by its id. */
  readonly most: { readonly [id: string]: number };
  /** Every state on the way. */
  readonly states: readonly RunState[];
}

const FACTS = { run: 'r', job: 'a-job', started_at: '2026-11-22T00:00:00.000Z', parameters: { site: 'ber' }, target: null };

/** The state in which every run begins. */
export const fresh = initialState(FACTS);

/** A choice under which the running step completes; taken in the end, since a person who retries for ever is not the subject. */
const SUCCESS = 1;

/** Plays a plan to its end; the numbers choose which running step or part ends next, and how. */
export function play(plan: Plan, choices: readonly number[], begin = fresh): Played {
  let state = begin;
  const order: string[] = [];
  const states: RunState[] = [];
  const most: Record<string, number> = {};
  for (let turn = 0; turn < 500; turn += 1) {
    const decisions = nextSteps(plan, state);
    const last = decisions.at(-1);
    if (last?.do === 'finish') return { order, end: last.status, state, most, states };
    order.push(...decisions.flatMap((decision) => (decision.do === 'start' ? [decision.key] : [])));
    state = decisions.flatMap(carryOut).reduce(applyEvent, state);
    for (const { id } of plan.steps) most[id] = Math.max(most[id] ?? 0, partsAtWork(state, id));
    state = nextEvents(plan, state, turn < 100 ? (choices[turn % choices.length] ?? 0) : SUCCESS).reduce(applyEvent, state);
    states.push(state);
  }
  return { order, end: 'never', state, most, states };
}

const partsAtWork = (state: RunState, id: string): number => {
  const step = state.steps[id];
  return step?.parts ? worksOf(step) : 0;
};

/** Everything that may be worked at, by its key: parts instead of the step that was taken apart. */
const pieces = (state: RunState): readonly (readonly [key: string, state: OneState | undefined])[] =>
  Object.entries(state.steps).flatMap(([id, step]) =>
    step.parts ? step.parts.map((part, n) => [partKey(id, n), part.state] as const) : [[id, step] as const],
  );

/** What the workflow tells a run of a decision that needs nobody else. */
export function carryOut(decision: Decision): readonly RunEvent[] {
  switch (decision.do) {
    case 'start':
      return [{ type: 'step_started', key: decision.key }];
    case 'hold':
      return [{ type: 'step_held', key: decision.key, hold: { kind: 'timer', since: 0, until: 0 } }];
    case 'expand':
      return [{ type: 'step_started', key: decision.step.id }];
    case 'complete':
      return [{ type: 'step_completed', key: decision.step.id, outputs: {} }];
    case 'move':
      return carryOutMove(decision.key, decision.move);
    case 'give_up':
      return [{ type: 'step_failed', key: decision.key, error: decision.error, attempts: 1, outcome: 'fail' }];
    case 'skip':
      return [{ type: 'step_skipped', key: decision.step.id, reason: decision.reason }];
    case 'fail':
      return [failureOf(decision.step, decision.key, decision.error.message)];
    case 'divide':
      return [{ type: 'step_expanded', key: decision.step.id, parts: decision.parts }];
    case 'rest':
      return [{ type: 'step_rested', key: decision.step.id, rest: decision.rest }];
    case 'stop_parts':
      return [{ type: 'parts_stopped', key: decision.step.id, abort: decision.abort }];
    case 'slice':
      return [{ type: 'slice_started', key: decision.step.id, slice: decision.slice }];
    case 'unwind':
      return [{ type: 'ending', ending: decision.ending }];
    case 'lock': {
      const { owner, wishes } = decision;
      return [
        { type: 'lock', owner, now: 'asked', wishes },
        { type: 'lock', owner, now: 'granted', until: null, resource: '' },
      ];
    }
    case 'unlock':
      return [{ type: 'lock', owner: decision.owner, now: 'gone' }];
    case 'admit':
      return [{ type: 'lock', owner: decision.owner, now: 'admitted' }];
    case 'wait':
    case 'finish':
      return [];
  }
}

function carryOutMove(key: string, move: HoldMove): readonly RunEvent[] {
  switch (move.to) {
    case 'hold':
      return [{ type: 'step_held', key, hold: move.hold }];
    case 'complete':
      return [{ type: 'step_completed', key, outputs: move.result }];
    case 'skip':
      return [{ type: 'step_skipped', key, reason: move.reason }];
    case 'fail':
      return [{ type: 'step_failed', key, error: move.error, attempts: 0, outcome: 'fail' }];
  }
}

function failureOf(step: PlannedStep, key: string, message: string): RunEvent {
  const otherwise = key === step.id ? 'fail' : 'tolerate';
  const outcome = step.continueOnFailure ? 'tolerate' : step.onError === 'wait' ? 'wait' : otherwise;
  return { type: 'step_failed', key, error: { type: 'exit_code', message }, attempts: 1, outcome };
}

function nextEvents(plan: Plan, state: RunState, choice: number): readonly RunEvent[] {
  const atWork = pieces(state).flatMap(([key, piece]) => (piece?.status === 'running' ? [key] : []));
  const key = atWork[choice % Math.max(1, atWork.length)];
  const step = plan.steps.find(({ id }) => key !== undefined && id === (wholeOf(key) ?? key));
  if (step && key !== undefined) {
    if (key === step.id && Array.isArray(step.target)) {
      return [{ type: 'step_expanded', key, parts: step.target.map((target: string) => ({ target })) }];
    }
    return [choice % 3 === 0 ? failureOf(step, key, 'ended with 3') : { type: 'step_completed', key, outputs: { by: key } }];
  }
  const waiting = pieces(state).find(([, piece]) => piece?.status === 'waiting');
  return waiting ? [{ type: 'step_retried', key: waiting[0] }] : [];
}
