import { type FailureType, NEVER_RETRIED, type StepError } from '#jobs/failure.ts';
import type { PlannedRetry } from '#jobs/plan.ts';

/** What is known of the executions this call made before, from their rows. */
export interface Earlier {
  /** Executions so far; attempts that never got to execute are none. */
  readonly executions: number;
  /** The newest of them: its number, and whether anybody saw it end. */
  readonly last: { readonly attempt: number; readonly ended: boolean } | null;
}

/** Whether an attempt executes the step, after closing the attempt that a dead worker left, or ends it. */
export type Opening =
  | { readonly do: 'execute'; readonly lostAttempt: number | null }
  | { readonly do: 'end'; readonly lostAttempt: number; readonly error: StepError };

/** How an attempt begins. A first one executes; a later one executes if the one before ended (its failure was judged then) or if being lost is worth another execution and one is left. */
export function openAttempt({ executions, last }: Earlier, retry: PlannedRetry): Opening {
  if (last === null || last.ended) return { do: 'execute', lostAttempt: null };
  if (isRetried('lost', executions, retry)) return { do: 'execute', lostAttempt: last.attempt };
  return { do: 'end', lostAttempt: last.attempt, error: LOST };
}

/** What a dead worker's attempt ends with. */
export const LOST: StepError = { type: 'lost', message: 'the worker stopped while the step ran; its outcome is unknown' };

/** Whether a failed execution, the `executions`th, is followed by another. */
export const isRetried = (failure: FailureType, executions: number, retry: PlannedRetry): boolean =>
  executions < retry.attempts && retry.on.includes(failure) && !NEVER_RETRIED.includes(failure);
