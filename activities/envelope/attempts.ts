import { type FailureType, NEVER_RETRIED, type StepError } from '#jobs/failure.ts';
import type { JsonObject } from '#jobs/json.ts';
import type { PlannedRetry } from '#jobs/plan.ts';
import type { StepStatus } from '#jobs/run-state.ts';

/** What is known of the executions this call made before, from their rows. */
export interface Earlier {
  /** Executions so far; attempts that never got to execute are none. */
  readonly executions: number;
  readonly last: LastAttempt | null;
}

/** What the rows say of the newest execution. */
export interface LastAttempt {
  readonly attempt: number;
  /** `running`: nobody saw it end. */
  readonly status: StepStatus;
  readonly error: StepError | null;
  readonly outputs: JsonObject | null;
}

/** Whether an attempt executes the step, after closing the one that a dead worker left, or only tells how the one before ended. */
export type Opening =
  | { readonly do: 'execute'; readonly lostAttempt: number | null }
  | { readonly do: 'answer'; readonly attempt: number; readonly outputs: JsonObject }
  | { readonly do: 'end'; readonly attempt: number; readonly lostAttempt: number | null; readonly error: StepError };

/**
 * How an attempt begins. A first one executes. A later one follows an end that Temporal heard of or one that it did not, so the end is judged
 * again: what was completed is answered, a failure is told once more unless another execution is due, and an end that nobody saw is lost.
 */
export function openAttempt({ executions, last }: Earlier, retry: PlannedRetry): Opening {
  if (last === null) return { do: 'execute', lostAttempt: null };
  const { attempt, status, outputs } = last;
  if (status === 'completed' && outputs !== null) return { do: 'answer', attempt, outputs };
  const known = knownFailure(last);
  const error = known ?? LOST;
  const lostAttempt = known === null ? attempt : null;
  if (isRetried(error.type, executions, retry)) return { do: 'execute', lostAttempt };
  return { do: 'end', attempt, lostAttempt, error };
}

/** The failure that an attempt is known to have ended with. A cancelled one is none: had anybody asked to cancel, no other would follow. */
const knownFailure = ({ status, error }: LastAttempt): StepError | null =>
  status === 'running' || status === 'completed' || error?.type === 'cancelled' ? null : error;

/** What a dead worker's attempt ends with. */
export const LOST: StepError = { type: 'lost', message: 'the worker stopped while the step ran; its outcome is unknown' };

/** Whether a failed execution, the `executions`th, is followed by another. */
export const isRetried = (failure: FailureType, executions: number, retry: PlannedRetry): boolean =>
  executions < retry.attempts && retry.on.includes(failure) && !NEVER_RETRIED.includes(failure);
