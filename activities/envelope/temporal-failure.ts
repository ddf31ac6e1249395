import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import type { StepError } from '#jobs/failure.ts';
import type { StepCall } from '#workflows/messages.ts';
import type { Sequel } from './attempts.ts';

/** The failure as Temporal hears it: its identity, whether another attempt follows, and how many attempts this call made. */
export function temporalFailure(call: StepCall, attempt: number, error: StepError, sequel: Pick<Sequel, 'follows' | 'afterMs'>): Error {
  const { message, type } = error;
  const details = [error, attempt - call.attemptsBefore];
  if (type === 'cancelled') return new CancelledFailure(message, details);
  const nonRetryable = sequel.follows === 'nothing';
  return ApplicationFailure.create({
    message,
    type,
    details,
    nonRetryable,
    ...(sequel.afterMs !== null && { nextRetryDelay: sequel.afterMs }),
  });
}
