import { ActivityFailure, ApplicationFailure, CancelledFailure, TimeoutFailure } from '@temporalio/common';
import { FAILURE_TYPES, type FailureType, type StepError } from '#jobs/failure.ts';
import type { PlannedRetry } from '#jobs/plan.ts';

/** Attempts beyond the executions a job allows: taking up work again that outlived its worker. */
export const REATTACH_ALLOWANCE = 5;

const isFailureType = (type: string | null | undefined): type is FailureType => FAILURE_TYPES.includes(type as FailureType);

/** The step's failure inside whatever Temporal wrapped around it. */
export function stepErrorOf(error: unknown): StepError {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof CancelledFailure) return { type: 'cancelled', message: 'cancelled' };
  if (cause instanceof TimeoutFailure) return timeoutError(cause);
  if (cause instanceof ApplicationFailure) {
    const told = cause.details?.[0] as StepError | undefined;
    if (isFailureType(told?.type)) return told;
    return { type: isFailureType(cause.type) ? cause.type : 'internal', message: cause.message };
  }
  return { type: 'internal', message: cause instanceof Error ? cause.message : String(cause) };
}

/** A missed heartbeat means the worker is gone and nobody knows how far the step got; any other limit is a time-out. */
function timeoutError(timeout: TimeoutFailure): StepError {
  if (timeout.timeoutType === 'HEARTBEAT')
    return { type: 'lost', message: 'the worker stopped answering while the step ran; its outcome is unknown' };
  return { type: 'timeout', message: `the step ran into its ${String(timeout.timeoutType).toLowerCase().replaceAll('_', ' ')} limit` };
}

/** Attempts the failed call made: the envelope says so; without its word, all that were allowed. */
export function attemptsOf(error: unknown, retry: PlannedRetry): number {
  return attemptsTold(error) ?? retry.attempts + REATTACH_ALLOWANCE;
}

/** The number of the failed call's last attempt among all of the step, where the envelope told it. */
export function attemptTold(error: unknown, attemptsBefore: number): number | undefined {
  const told = attemptsTold(error);
  return told === undefined ? undefined : attemptsBefore + told;
}

function attemptsTold(error: unknown): number | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const told = cause instanceof ApplicationFailure || cause instanceof CancelledFailure ? cause.details?.[1] : undefined;
  return typeof told === 'number' ? told : undefined;
}
