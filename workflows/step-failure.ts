import { ActivityFailure, ApplicationFailure, CancelledFailure, TimeoutFailure } from '@temporalio/common';
import { attemptsAllowed } from '#jobs/activity-terms.ts';
import { FAILURE_TYPES, type FailureType, type StepError } from '#jobs/failure.ts';
import type { PlannedStep } from '#jobs/plan.ts';

const isFailureType = (type: string | null | undefined): type is FailureType => FAILURE_TYPES.includes(type as FailureType);

/** The step's failure inside whatever Temporal wrapped around it. */
export function stepErrorOf(error: unknown): StepError {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof CancelledFailure) return toldError(cause) ?? { type: 'cancelled', message: 'cancelled' };
  if (cause instanceof TimeoutFailure) return timeoutError(cause);
  if (cause instanceof ApplicationFailure) {
    const told = toldError(cause);
    if (told !== null) return told;
    return { type: isFailureType(cause.type) ? cause.type : 'internal', message: cause.message };
  }
  return { type: 'internal', message: cause instanceof Error ? cause.message : String(cause) };
}

/** What the envelope said of the failure, if it did. */
function toldError({ details }: ApplicationFailure | CancelledFailure): StepError | null {
  const told = details?.[0] as StepError | null | undefined;
  return isFailureType(told?.type) ? (told ?? null) : null;
}

/** True when a step ended without its worker's word on its work, or with the word that the work goes on. */
export function isUnseenEnd(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof TimeoutFailure) return true;
  if (cause instanceof CancelledFailure) return toldError(cause) === null;
  const told = cause instanceof ApplicationFailure ? toldError(cause) : null;
  return told?.type === 'lost' && told.details?.[INTERRUPTED_BY] !== undefined;
}

/** The detail of a `lost` that says that the attempt was taken away, not its work: by the worker's shutdown, by Temporal, or by a person. */
export const INTERRUPTED_BY = 'interrupted_by';
export type Interruption = 'shutdown' | 'temporal' | 'pause' | 'reset';

const BY_A_PERSON: readonly unknown[] = ['pause', 'reset'] satisfies readonly Interruption[];

/** True for an end that a person brought about who wants the step to go on. */
export const isByPerson = (error: StepError): boolean => error.type === 'lost' && BY_A_PERSON.includes(error.details?.[INTERRUPTED_BY]);

/** The failure of a step that was cancelled: where its last attempt had just been ended for another to follow, the cancel is why none did. */
export const cancelledInstead = (error: StepError): StepError => (isByPerson(error) ? { type: 'cancelled', message: 'cancelled' } : error);

/** A missed heartbeat means the worker is gone and nobody knows how far the step got; any other limit is a time-out. */
function timeoutError(timeout: TimeoutFailure): StepError {
  if (timeout.timeoutType === 'HEARTBEAT')
    return { type: 'lost', message: 'the worker stopped answering while the step ran; its outcome is unknown' };
  return { type: 'timeout', message: `the step ran into its ${String(timeout.timeoutType).toLowerCase().replaceAll('_', ' ')} limit` };
}

/** Attempts the failed call made: the envelope says so; without its word, all that were allowed. */
export function attemptsOf(error: unknown, step: Pick<PlannedStep, 'retry' | 'reattaches'>): number {
  return attemptsTold(error) ?? attemptsAllowed(step);
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
