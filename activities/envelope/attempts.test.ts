import { describe, expect, test } from 'vitest';
import { FAILURE_TYPES, NEVER_RETRIED } from '#jobs/failure.ts';
import { isRetried, LOST, openAttempt } from './attempts.ts';

const retry = (attempts: number, on: Parameters<typeof isRetried>[0][]) => ({ attempts, delayMs: 0, backoff: 1, maxDelayMs: 0, on });

describe('an attempt', () => {
  test('that is the first executes', () => {
    expect(openAttempt({ executions: 0, last: null }, retry(1, []))).toEqual({ do: 'execute', lostAttempt: null });
  });

  test('after a failure that was judged worth it executes', () => {
    const earlier = { executions: 1, last: { attempt: 1, ended: true } };
    expect(openAttempt(earlier, retry(2, ['exit_code']))).toEqual({ do: 'execute', lostAttempt: null });
  });

  test('after a worker died closes the lost one and executes, if lost is retried and an execution is left', () => {
    const earlier = { executions: 1, last: { attempt: 4, ended: false } };
    expect(openAttempt(earlier, retry(2, ['lost']))).toEqual({ do: 'execute', lostAttempt: 4 });
  });

  test.each([
    ['no execution is left', retry(1, ['lost'])],
    ['lost is not retried', retry(5, ['connection'])],
  ])('after a worker died ends as lost when %s', (_why, policy) => {
    const earlier = { executions: 1, last: { attempt: 4, ended: false } };
    expect(openAttempt(earlier, policy)).toEqual({ do: 'end', lostAttempt: 4, error: LOST });
  });

  test('that follows attempts which never executed executes', () => {
    expect(openAttempt({ executions: 0, last: null }, retry(1, []))).toMatchObject({ do: 'execute' });
  });
});

test('a failure is retried while executions are left and its type is listed', () => {
  expect(isRetried('exit_code', 1, retry(3, ['exit_code']))).toBe(true);
  expect(isRetried('exit_code', 3, retry(3, ['exit_code']))).toBe(false);
  expect(isRetried('timeout', 1, retry(3, ['exit_code']))).toBe(false);
});

test.each(NEVER_RETRIED)('%s is never retried, whatever the policy says', (type) => {
  expect(isRetried(type, 1, retry(9, [...FAILURE_TYPES]))).toBe(false);
});
