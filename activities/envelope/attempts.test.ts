import { describe, expect, test } from 'vitest';
import { FAILURE_TYPES, type FailureType, NEVER_RETRIED } from '#jobs/failure.ts';
import type { PlannedRetry } from '#jobs/plan.ts';
import type { StepStatus } from '#jobs/run-state.ts';
import { type LastAttempt, LOST, openAttempt, sequelOf } from './attempts.ts';

const retry = (attempts: number, on: readonly FailureType[]) => ({ attempts, delayMs: 0, backoff: 1, maxDelayMs: 0, on: [...on] });
const errorOf = (type: FailureType) => ({ type, message: `it was ${type}` });
const ended = (status: StepStatus, also: Partial<LastAttempt> = {}): LastAttempt => ({
  attempt: 4,
  execution: 4,
  reattached: false,
  status,
  error: null,
  outputs: null,
  ...also,
});
const failed = (type: FailureType) => ended('failed', { error: errorOf(type) });

const anew = (lostAttempt: number | null) => ({ do: 'execute', lostAttempt, takesUp: null });

describe('an attempt', () => {
  test('that is the first executes, and so does one after attempts that never executed', () => {
    expect(openAttempt({ executions: 0, last: null }, { retry: retry(1, []) })).toEqual(anew(null));
  });

  test.each([
    [1, ['lost']],
    [9, FAILURE_TYPES],
  ] as const)('after a completed one answers what that one did, with %i executions allowed', (attempts, on) => {
    const last = ended('completed', { outputs: { n: 1 } });
    expect(openAttempt({ executions: 1, last }, { retry: retry(attempts, on) })).toEqual({ do: 'answer', attempt: 4, outputs: { n: 1 } });
  });

  test('after a failure that is worth it executes', () => {
    const earlier = { executions: 1, last: failed('exit_code') };
    expect(openAttempt(earlier, { retry: retry(2, ['exit_code']) })).toEqual(anew(null));
  });

  test.each<[string, FailureType, number, readonly FailureType[]]>([
    ['no execution is left', 'exit_code', 1, ['exit_code']],
    ['its kind is not retried', 'assertion', 5, ['exit_code']],
    ['its kind never is', 'auth', 5, FAILURE_TYPES],
  ])('after a failure tells it again when %s', (_why, type, attempts, on) => {
    const earlier = { executions: 1, last: failed(type) };
    expect(openAttempt(earlier, { retry: retry(attempts, on) })).toEqual({
      do: 'end',
      attempt: 4,
      lostAttempt: null,
      error: errorOf(type),
    });
  });

  describe.each([
    ['that nobody saw end', ended('running')],
    ['that ended as cancelled, which nobody had asked for', ended('cancelled', { error: errorOf('cancelled') })],
    ['that failed without a reason', ended('failed')],
    ['that completed without outputs', ended('completed')],
  ])('after one %s', (_what, last) => {
    test('takes it for lost and executes, if lost is retried and an execution is left', () => {
      expect(openAttempt({ executions: 1, last }, { retry: retry(2, ['lost']) })).toEqual(anew(4));
    });

    test.each([
      ['no execution is left', retry(1, ['lost'])],
      ['lost is not retried', retry(5, ['connection'])],
    ])('ends as lost when %s', (_why, policy) => {
      expect(openAttempt({ executions: 1, last }, { retry: policy })).toEqual({ do: 'end', attempt: 4, lostAttempt: 4, error: LOST });
    });
  });
});

const sequel = (type: FailureType, executions: number, policy: PlannedRetry) =>
  sequelOf(errorOf(type), { executions, reattached: false }, { retry: policy }).follows;

test('a failure is retried while executions are left and its type is listed', () => {
  expect(sequel('exit_code', 1, retry(3, ['exit_code']))).toBe('execution');
  expect(sequel('exit_code', 3, retry(3, ['exit_code']))).toBe('nothing');
  expect(sequel('timeout', 1, retry(3, ['exit_code']))).toBe('nothing');
});

test.each(NEVER_RETRIED)('%s is never retried, whatever the policy says', (type) => {
  expect(sequel(type, 1, retry(9, [...FAILURE_TYPES]))).toBe('nothing');
});
