import { ActivityFailure, ApplicationFailure, CancelledFailure, TimeoutFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { attemptsAllowed } from '#jobs/activity-terms.ts';
import type { StepError } from '#jobs/failure.ts';
import { cancelledInstead, INTERRUPTED_BY, isUnseenEnd, stepErrorOf } from './step-failure.ts';

const inActivity = (cause: Error) => new ActivityFailure('failed', 'ssh.exec', 'one', 'NON_RETRYABLE_FAILURE', 'worker', cause);
const told = (type: string, details: object = {}) => ({ type, message: `it was ${type}`, details });

describe('the end of a step', () => {
  test.each<[string, Error]>([
    ['whose worker was silent', new TimeoutFailure('silent', undefined, 'HEARTBEAT')],
    ['that ran into a limit of Temporal', new TimeoutFailure('late', undefined, 'START_TO_CLOSE')],
    ['that was cancelled between two attempts, or before the first', new CancelledFailure('cancelled')],
    [
      'whose worker left for good',
      ApplicationFailure.create({ type: 'lost', details: [told('lost', { [INTERRUPTED_BY]: 'shutdown' }), 1] }),
    ],
  ])('%s says nothing of its work', (_how, cause) => {
    expect(isUnseenEnd(inActivity(cause))).toBe(true);
  });

  test.each<[string, Error]>([
    ['that was cancelled by its worker', new CancelledFailure('cancelled', [told('cancelled', { pids: [7] }), 1])],
    ['that failed', ApplicationFailure.create({ type: 'exit_code', details: [told('exit_code'), 1] })],
    ['whose work is lost', ApplicationFailure.create({ type: 'lost', details: [told('lost'), 1] })],
    ['of no known kind', new Error('no such activity')],
  ])('%s says what became of it', (_how, cause) => {
    expect(isUnseenEnd(inActivity(cause))).toBe(false);
  });

  test('keeps what the envelope said, also of a cancelled one', () => {
    const error = told('cancelled', { pids: [7] });
    expect(stepErrorOf(inActivity(new CancelledFailure('cancelled', [error, 1])))).toEqual(error);
    expect(stepErrorOf(inActivity(new CancelledFailure('cancelled')))).toEqual({ type: 'cancelled', message: 'cancelled' });
    expect(stepErrorOf(inActivity(new TimeoutFailure('silent', undefined, 'HEARTBEAT')))).toMatchObject({ type: 'lost' });
  });
});

test('a cancel that lets no attempt follow one that a person interrupted is what ended the step; nothing else becomes a cancel', () => {
  const lost = (details?: StepError['details']): StepError => ({ type: 'lost', message: 'lost', ...(details && { details }) });
  for (const by of ['pause', 'reset'])
    expect(cancelledInstead(lost({ [INTERRUPTED_BY]: by }))).toEqual({ type: 'cancelled', message: 'cancelled' });
  const others: readonly StepError[] = [
    lost(),
    lost({ [INTERRUPTED_BY]: 'shutdown' }),
    lost({ [INTERRUPTED_BY]: 'temporal' }),
    { type: 'exit_code', message: 'ended with 3' },
  ];
  for (const other of others) expect(cancelledInstead(other)).toBe(other);
});

test('work that outlives its worker may be taken up many times', () => {
  const retry = { attempts: 2, delayMs: 0, backoff: 1, maxDelayMs: 0, on: [] };
  expect(attemptsAllowed({ retry })).toBe(7);
  expect(attemptsAllowed({ retry, reattaches: true })).toBe(52);
});
