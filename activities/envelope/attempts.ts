import { type FailureType, NEVER_RETRIED, type StepError } from '#jobs/failure.ts';
import { restMs } from '#jobs/inline-step.ts';
import type { JsonObject } from '#jobs/json.ts';
import type { PlannedRetry, PlannedStep } from '#jobs/plan.ts';
import type { StepStatus } from '#jobs/run-state.ts';
import type { Effect } from '#jobs/step.ts';
import { INTERRUPTED_BY, type Interruption, isByPerson } from '#workflows/step-failure.ts';

/** What is known of the attempts this call made before, from their rows. */
export interface Earlier {
  /** Executions so far; attempts that never got to execute are none, nor are those that took up an earlier one. */
  readonly executions: number;
  readonly last: LastAttempt | null;
  /** Since the newest attempt a person had the step begin anew. */
  readonly isAnew?: boolean;
}

/** What the rows say of the newest attempt. */
export interface LastAttempt {
  readonly attempt: number;
  /** The attempt that began the execution which this one is about. */
  readonly execution: number;
  readonly reattached: boolean;
  /** `running`: nobody saw it end. */
  readonly status: StepStatus;
  readonly error: StepError | null;
  readonly outputs: JsonObject | null;
}

/** Whether an attempt executes the step, after closing the one that a dead worker left, or only tells how the one before ended. */
export type Opening =
  | { readonly do: 'execute'; readonly lostAttempt: number | null; readonly takesUp: TakesUp | null }
  | { readonly do: 'answer'; readonly attempt: number; readonly outputs: JsonObject }
  | { readonly do: 'end'; readonly attempt: number; readonly lostAttempt: number | null; readonly error: StepError };

/** The execution that is taken up again, and whether that counts as another one: it does after an end that was a failure. */
export interface TakesUp {
  readonly execution: number;
  readonly counts: boolean;
}

/** What of a step decides about its attempts; without a word on its effect it must not happen twice. */
export type AttemptPolicy = Pick<PlannedStep, 'retry' | 'reattaches'> & Partial<Pick<PlannedStep, 'effect'>>;

/**
 * How an attempt begins. A first one executes. A later one follows an end that Temporal heard of or one that it did not, so the end is judged
 * again: what was completed is answered, work that outlived its attempt is taken up where the type can do that, a failure is told once more
 * unless another execution is due, and an end that nobody saw is lost.
 */
export function openAttempt({ executions, last, isAnew = false }: Earlier, { retry, reattaches = false, effect }: AttemptPolicy): Opening {
  if (last === null) return { do: 'execute', lostAttempt: null, takesUp: null };
  const { attempt, execution, status, outputs } = last;
  if (status === 'completed' && outputs !== null) return { do: 'answer', attempt, outputs };
  const known = knownFailure(last);
  const error = known ?? LOST;
  const lostAttempt = known === null ? attempt : null;
  if (reattaches && (known === null || isInterruption(known, last.reattached)))
    return { do: 'execute', lostAttempt, takesUp: { execution, counts: false } };
  if (mayBeginAnew(isAnew || isByPerson(error), effect)) return { do: 'execute', lostAttempt, takesUp: null };
  if (!isRetried(error.type, executions, retry)) return { do: 'end', attempt, lostAttempt, error };
  return { do: 'execute', lostAttempt, takesUp: reattaches && leavesWork(error.type) ? { execution, counts: true } : null };
}

/** The failure that an attempt is known to have ended with. A cancelled one is none: had anybody asked to cancel, no other would follow. */
const knownFailure = ({ status, error }: Pick<LastAttempt, 'status' | 'error'>): StepError | null =>
  status === 'running' || status === 'completed' || error?.type === 'cancelled' ? null : error;

/** What a dead worker's attempt ends with. */
export const LOST: StepError = { type: 'lost', message: 'the worker stopped while the step ran; its outcome is unknown' };

/** What it ends with where the attempt of this number goes on with its work. */
export const takenUpBy = (attempt: number): StepError => ({
  type: 'lost',
  message: `the worker stopped while the step ran; attempt ${attempt} took its work up`,
});

/** True for an end that was only the attempt's own: it was taken away, or it never reached the work that it had taken up. */
const isInterruption = (error: StepError, reattached: boolean): boolean =>
  (error.type === 'lost' && error.details?.[INTERRUPTED_BY] !== undefined) || (reattached && error.type === 'connection');

/** True for the end of an attempt of a step that now rests. */
export const isPause = (error: StepError): boolean => error.details?.[INTERRUPTED_BY] === ('pause' satisfies Interruption);

/** A person who interrupted a step, or reset one that a dead worker left, means it to be executed again, but not what must not happen twice. */
const mayBeginAnew = (isWanted: boolean, effect: Effect = 'at-most-once'): boolean => isWanted && effect !== 'at-most-once';

/** Failures after which work may still be under way, so that another execution first looks for it. */
const leavesWork = (failure: FailureType): boolean => failure === 'connection' || failure === 'internal';

/** The attempt that began the execution which an attempt is about, given the one before it. */
export function executionOf(row: Pick<LastAttempt, 'attempt' | 'reattached'>, before: LastAttempt | null, reattaches: boolean): number {
  if (before === null) return row.attempt;
  const error = knownFailure(before);
  return row.reattached || (reattaches && error !== null && leavesWork(error.type)) ? before.execution : row.attempt;
}

/** Whether a failed execution, the `executions`th, is followed by another. */
const isRetried = (failure: FailureType, executions: number, retry: PlannedRetry): boolean =>
  executions < retry.attempts && retry.on.includes(failure) && !NEVER_RETRIED.includes(failure);

/** What follows an attempt that failed. */
export interface Sequel {
  readonly follows: 'nothing' | 'execution' | 'reattachment';
  /** Its work may go on without it, and so does the output. */
  readonly leavesWork: boolean;
  /** Milliseconds until the next attempt; null: as Temporal's own policy says. */
  readonly afterMs: number | null;
}

/** The sequel of an attempt after which the step has ended. */
export const NOTHING_FOLLOWS: Sequel = { follows: 'nothing', leavesWork: false, afterMs: null };

/** What follows the failure of an attempt, given how many executions there were with it and whether it had taken up an earlier one. */
export function sequelOf(
  error: StepError,
  { executions, reattached }: { readonly executions: number; readonly reattached: boolean },
  { retry, reattaches = false, effect }: AttemptPolicy,
): Sequel {
  // Whoever resets a step does not want to wait.
  const afterMs = isByPerson(error) ? 1 : null;
  if (reattaches && isInterruption(error, reattached)) return { follows: 'reattachment', leavesWork: true, afterMs };
  if (mayBeginAnew(isByPerson(error), effect)) return { follows: 'execution', leavesWork: false, afterMs };
  if (!isRetried(error.type, executions, retry)) return NOTHING_FOLLOWS;
  return {
    follows: 'execution',
    leavesWork: reattaches && leavesWork(error.type),
    // Temporal's own pace is that of taking up again, so that the policy's has to be told.
    afterMs: reattaches ? restMs(retry, executions) : null,
  };
}
