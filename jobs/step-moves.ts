import { isOpen, isStopping, type OneState, type RunState, stepAt, waitingKeys } from './apply-event.ts';
import { isCleanUp, plannedStep } from './gate.ts';
import type { JsonObject } from './json.ts';
import { partKey, wholeOf } from './parts.ts';
import { allSteps, type Plan, type PlannedStep } from './plan.ts';
import type { RunEvent } from './run-event.ts';

/** Why a person cannot have this step executed again in its run, or null. */
export const refuseRetry = (state: RunState, key: string): string | null =>
  waitingKeys(state, key).length > 0
    ? null
    : `step ${key} is ${statusOf(state, key)}; only a step that waits for a person can be retried in place`;

/** Why a person cannot skip this step, or null. */
export function refuseSkip(plan: Plan, state: RunState, key: string): string | null {
  const step = stepOf(plan, key);
  if (step === undefined || (wholeOf(key) !== null && !hasPart(state, key))) return `the run knows no step ${key}`;
  if (isStopping(state)) return `the run is being stopped, so step ${key} cannot be skipped`;
  if (skippable(state, key).length === 0)
    return `step ${key} is ${statusOf(state, key)}; only a step that waits or has not started can be skipped`;
  if (step.type === 'approval') return `step ${key} asks for approval, which nobody can skip; reject it, or cancel the step`;
  const own = plannedStep(plan, step.id);
  if (state.ending && own !== undefined && !isCleanUp(own)) return `the run is about to end, and step ${key} will not start any more`;
  return null;
}

/** Why a person cannot end this step, or null. */
export function refuseCancel(state: RunState, key: string): string | null {
  if (isStopping(state)) return 'the run is being stopped, and its steps with it';
  const status = statusOf(state, key);
  if (state.steps[key]?.slices) return `the items of step ${key} are carried out apart; cancel the run instead`;
  return status === 'running' || status === 'waiting' || status === 'queued'
    ? null
    : `step ${key} is ${status}; only a step that runs or waits can be cancelled`;
}

/** What happens to a step that a person skips, or to those of its parts that wait; later steps see these outputs. */
export const skipEvents = (state: RunState, key: string, outputs: JsonObject | undefined): readonly RunEvent[] =>
  skippable(state, key).map((one) => ({ type: 'step_skipped', key: one, reason: 'person', ...(outputs && { outputs }) }));

/** What happens at once to a step that a person ends: whatever of it nobody is at work on has ended, as a failure would have it. */
export function cancelEvents(plan: Plan, state: RunState, key: string, why: string): readonly RunEvent[] {
  const step = stepOf(plan, key);
  const isWhole = wholeOf(key) === null;
  return pieces(state, key)
    .filter(([one, piece]) => isIdle(piece) || (one !== key && isWhole && piece === undefined))
    .map(([one, piece]) => ({
      type: 'step_failed',
      key: one,
      error: {
        type: 'cancelled',
        message: piece && 'error' in piece ? `${why}; before that it had failed: ${piece.error.message}` : why,
      },
      attempts: piece && 'attempts' in piece ? piece.attempts : 0,
      outcome: one !== step?.id || step.continueOnFailure ? 'tolerate' : 'fail',
    }));
}

const stepOf = (plan: Plan, key: string): PlannedStep | undefined => {
  const id = wholeOf(key) ?? key;
  return plannedStep(plan, id) ?? allSteps(plan).find((step) => step.id === id);
};

/** The step of this key, or the parts that it was taken apart into. */
function pieces(state: RunState, key: string): readonly (readonly [key: string, state: OneState | undefined])[] {
  const { parts, within } = state.steps[key] ?? {};
  return parts?.map((part, n) => [partKey(key, (within?.offset ?? 0) + n), part.state] as const) ?? [[key, stepAt(state, key)]];
}

/** Nobody is at work on it, and it has not ended. */
const isIdle = (piece: OneState | undefined): boolean =>
  piece !== undefined && (piece.status === 'waiting' || piece.status === 'held' || piece.status === 'retry');

/** Of a step in parts those that wait; a step or part in one piece also when it has not started. */
const skippable = (state: RunState, key: string): readonly string[] =>
  pieces(state, key).flatMap(([one, piece]) => (isIdle(piece) || (one === key && isOpen(piece)) ? [one] : []));

function hasPart(state: RunState, key: string): boolean {
  const whole = wholeOf(key);
  return whole !== null && pieces(state, whole).some(([one]) => one === key);
}

const statusOf = (state: RunState, key: string): string => {
  const status = stepAt(state, key)?.status;
  if (status === undefined) return 'pending';
  return status === 'held' ? 'waiting' : status === 'retry' ? 'queued' : status;
};
