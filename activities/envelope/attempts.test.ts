import { describe, expect, test } from 'vitest';
import { FAILURE_TYPES, type FailureType, NEVER_RETRIED, type StepError } from '#jobs/failure.ts';
import type { PlannedRetry } from '#jobs/plan.ts';
import type { StepStatus } from '#jobs/run-state.ts';
import { INTERRUPTED_BY } from '#workflows/step-failure.ts';
import { executionOf, type LastAttempt, LOST, NOTHING_FOLLOWS, openAttempt, sequelOf } from './attempts.ts';

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

describe('where work outlives its attempt, one after', () => {
  const reattaching = (policy: PlannedRetry) => ({ retry: policy, reattaches: true });
  const interrupted = (by: string) => ({ type: 'lost' as const, message: 'taken away', details: { [INTERRUPTED_BY]: by } });
  const takesUp = (lostAttempt: number | null, counts = false) => ({ do: 'execute', lostAttempt, takesUp: { execution: 2, counts } });
  const none = retry(1, []);

  test.each<[string, LastAttempt, PlannedRetry, ReturnType<typeof takesUp>]>([
    ['that nobody saw end', ended('running'), none, takesUp(4)],
    ['that ended as cancelled, which nobody had asked for', ended('cancelled', { error: errorOf('cancelled') }), none, takesUp(4)],
    ['that completed without outputs', ended('completed'), none, takesUp(4)],
    ['whose worker was shut down', ended('lost', { error: interrupted('shutdown') }), none, takesUp(null)],
    ['that Temporal took away', ended('lost', { error: interrupted('temporal') }), none, takesUp(null)],
    ['that had taken it up and did not reach it', { ...failed('connection'), reattached: true }, none, takesUp(null)],
    ['that lost its way to it, where that is retried', failed('connection'), retry(2, ['connection']), takesUp(null, true)],
    ['that broke, where that is retried', failed('internal'), retry(2, ['internal']), takesUp(null, true)],
  ])('%s takes it up', (_what, last, policy, opening) => {
    expect(openAttempt({ executions: 1, last: { ...last, execution: 2 } }, reattaching(policy))).toEqual(opening);
  });

  test.each<[string, FailureType, PlannedRetry, object]>([
    ['with a code', 'exit_code', retry(2, ['exit_code']), anew(null)],
    ['at its time-out', 'timeout', retry(2, ['timeout']), anew(null)],
    ['by losing its work', 'lost', retry(2, ['lost']), anew(null)],
    ['by losing its work, where that is final', 'lost', none, { do: 'end', attempt: 4, lostAttempt: null, error: errorOf('lost') }],
    ['with a code, where that is final', 'exit_code', none, { do: 'end', attempt: 4, lostAttempt: null, error: errorOf('exit_code') }],
  ])('that ended %s leaves nothing to take up', (_how, type, policy, opening) => {
    expect(openAttempt({ executions: 1, last: failed(type) }, reattaching(policy))).toEqual(opening);
  });

  test('belongs to the execution that it took up, until a new one begins', () => {
    const rows = [
      { ...ended('running'), attempt: 1 },
      { ...ended('lost', { error: interrupted('shutdown') }), attempt: 2, reattached: true },
      { ...failed('connection'), attempt: 3, reattached: true },
      { ...failed('exit_code'), attempt: 4, reattached: true },
      { ...failed('connection'), attempt: 5 },
      { ...failed('timeout'), attempt: 6 },
      { ...ended('running'), attempt: 7 },
    ];
    const executions: LastAttempt[] = [];
    for (const row of rows) executions.push({ ...row, execution: executionOf(row, executions.at(-1) ?? null, true) });
    expect(executions.map(({ execution }) => execution)).toEqual([1, 1, 1, 1, 5, 5, 7]);
  });

  test('follows at once, and another execution when the policy says', () => {
    const policy = { attempts: 3, delayMs: 40_000, backoff: 2, maxDelayMs: 60_000, on: ['exit_code', 'connection'] as const };
    const following = (error: StepError, reattached: boolean, executions: number) =>
      sequelOf(error, { executions, reattached }, reattaching(policy));
    expect(following(interrupted('shutdown'), false, 3)).toEqual({ follows: 'reattachment', leavesWork: true, afterMs: null });
    expect(following(errorOf('connection'), true, 3)).toEqual({ follows: 'reattachment', leavesWork: true, afterMs: null });
    expect(following(errorOf('connection'), false, 1)).toEqual({ follows: 'execution', leavesWork: true, afterMs: 40_000 });
    expect(following(errorOf('exit_code'), true, 2)).toEqual({ follows: 'execution', leavesWork: false, afterMs: 60_000 });
    expect(following(errorOf('exit_code'), false, 3)).toEqual(NOTHING_FOLLOWS);
    expect(following(errorOf('lost'), true, 1)).toEqual(NOTHING_FOLLOWS);
  });
});

describe('an end that a person brought about', () => {
  const by = (what: 'pause' | 'reset' | 'shutdown'): StepError => ({ ...errorOf('lost'), details: { [INTERRUPTED_BY]: what } });
  const once = { retry: retry(1, []), effect: 'at-least-once' } as const;

  test.each(['pause', 'reset'] as const)('(%s) is followed by another execution whatever the policy says', (what) => {
    expect(sequelOf(by(what), { executions: 1, reattached: false }, once)).toEqual({ follows: 'execution', leavesWork: false, afterMs: 1 });
    expect(openAttempt({ executions: 1, last: ended('lost', { error: by(what) }) }, once)).toEqual(anew(null));
  });

  test.each(['pause', 'reset'] as const)('(%s) ends a step that must not happen twice as lost', (what) => {
    const policy = { ...once, effect: 'at-most-once' } as const;
    expect(sequelOf(by(what), { executions: 1, reattached: false }, policy)).toEqual(NOTHING_FOLLOWS);
    expect(openAttempt({ executions: 1, last: ended('lost', { error: by(what) }) }, policy)).toMatchObject({ do: 'end' });
  });

  test('leaves work that outlives its attempt where it is, to be taken up at once', () => {
    const policy = { retry: retry(1, []), reattaches: true, effect: 'at-most-once' } as const;
    expect(sequelOf(by('reset'), { executions: 1, reattached: false }, policy)).toEqual({
      follows: 'reattachment',
      leavesWork: true,
      afterMs: 1,
    });
    expect(openAttempt({ executions: 1, last: ended('lost', { error: by('pause') }) }, policy)).toMatchObject({
      takesUp: { execution: 4, counts: false },
    });
  });

  test('is not what a worker’s shutdown is', () => {
    expect(sequelOf(by('shutdown'), { executions: 1, reattached: false }, once)).toEqual(NOTHING_FOLLOWS);
  });

  test('lets a step begin anew that a dead worker had left before', () => {
    expect(openAttempt({ executions: 0, last: ended('running'), isAnew: true }, once)).toEqual(anew(4));
    expect(openAttempt({ executions: 0, last: failed('exit_code'), isAnew: true }, once)).toEqual(anew(null));
    expect(openAttempt({ executions: 0, last: ended('running'), isAnew: true }, { ...once, effect: 'at-most-once' })).toMatchObject({
      do: 'end',
    });
  });
});
