import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renumberAttempts, saveTerms } from '#db/queries/step-overrides.ts';
import { finished, started } from '#db/testing/runs.ts';
import { type TestWorker, testWorker } from '../testing/worker.ts';

let worker: TestWorker;
beforeAll(async () => {
  worker = await testWorker();
});
afterAll(() => worker.close());

/** What a worker that was killed leaves: an attempt that began and never ended. */
const leave = async (run: string, attempt: number, ended?: 'failed') => {
  void worker.parts.recorder.add(started(run, 'one', attempt, 1));
  if (ended)
    void worker.parts.recorder.add(
      finished(run, 'one', attempt, ended, { retrying: true, error: { type: 'exit_code', message: 'ended with 1' } }),
    );
  await worker.parts.recorder.flush();
};

const statuses = async (run: string) => (await worker.step(run)).attempts.map(({ attempt, status }) => [attempt, status]);

describe('an attempt', () => {
  test('that succeeds leaves its rows behind the report', async () => {
    const run = await worker.newRun();
    const { outputs } = await worker.attempt('local.exec', { command: 'echo hi' }, { run, outputs: { said: '${{ result.stdout }}' } });
    expect(outputs).toEqual({ said: 'hi\n' });
    expect(await worker.step(run)).toMatchObject({
      status: 'completed',
      outputs: { said: 'hi\n' },
      worker_id: 'test-worker',
      config: { command: 'echo hi' },
    });
    expect(await statuses(run)).toEqual([[1, 'completed']]);
  });

  test('that fails and may be made again says so to Temporal and shows as retrying', async () => {
    const run = await worker.newRun();
    const ended = worker.attempt('local.exec', { command: 'exit 1' }, { run, retry: { attempts: 2, on: ['exit_code'] } });
    await expect(ended).rejects.toMatchObject({ type: 'exit_code', nonRetryable: false, details: [{ type: 'exit_code' }, 1] });
    expect(await worker.step(run)).toMatchObject({ status: 'retrying', ended_at: null, exit_code: 1 });
  });

  test('after a known failure executes again, as the second one shown, until none is left', async () => {
    const run = await worker.newRun();
    await leave(run, 1, 'failed');
    const ended = worker.attempt('local.exec', { command: 'exit 2' }, { run, attempt: 2, retry: { attempts: 2, on: ['exit_code'] } });
    await expect(ended).rejects.toMatchObject({ nonRetryable: true });
    expect(await worker.step(run)).toMatchObject({ status: 'failed', attempt: 2, exit_code: 2 });
    expect(await statuses(run)).toEqual([
      [1, 'failed'],
      [2, 'failed'],
    ]);
  });

  test('after a worker died shows the lost one and executes again, when that is allowed', async () => {
    const run = await worker.newRun();
    await leave(run, 1);
    await worker.attempt('local.exec', { command: 'true' }, { run, attempt: 2, retry: { attempts: 2, on: ['lost'] } });
    expect(await statuses(run)).toEqual([
      [1, 'lost'],
      [2, 'completed'],
    ]);
    expect((await worker.step(run)).status).toBe('completed');
  });

  test('of an at-most-once step is never made again after a worker died: the step ends as lost', async () => {
    const run = await worker.newRun();
    await leave(run, 1);
    const ended = worker.attempt('ssh.exec', { command: 'true' }, { run, attempt: 2, target: 'nowhere', reattaches: false });
    await expect(ended).rejects.toMatchObject({ type: 'lost', nonRetryable: true });
    expect(await worker.step(run)).toMatchObject({ status: 'lost', attempt: 1 });
  });

  test('of an at-most-once step that had completed when its worker died answers what that one did, and does nothing', async () => {
    const run = await worker.newRun();
    void worker.parts.recorder.add(started(run, 'one', 1, 1));
    void worker.parts.recorder.add(finished(run, 'one', 1, 'completed', { outputs: { exit_code: 0, stdout: 'moved' } }));
    await worker.parts.recorder.flush();
    // A host that does not exist: whatever executed would fail.
    const report = worker.attempt('ssh.exec', { command: 'mv a b' }, { run, attempt: 2, target: 'nowhere', retry: { attempts: 1 } });
    expect(await report).toEqual({ outputs: { exit_code: 0, stdout: 'moved' }, attempt: 1 });
    expect(await statuses(run)).toEqual([[1, 'completed']]);
  });

  test('after a failure that Temporal never heard of tells it again, when no other is due', async () => {
    const run = await worker.newRun();
    await leave(run, 1, 'failed');
    const ended = worker.attempt('local.exec', { command: 'true' }, { run, attempt: 2, retry: { attempts: 1, on: ['exit_code'] } });
    await expect(ended).rejects.toMatchObject({ type: 'exit_code', nonRetryable: true, details: [{ message: 'ended with 1' }, 1] });
    expect(await statuses(run)).toEqual([[1, 'failed']]);
  });

  test('that Temporal repeats although nothing had begun executes as if it were the first', async () => {
    const run = await worker.newRun();
    await worker.attempt('local.exec', { command: 'true' }, { run, attempt: 3, retry: { attempts: 1, on: [] } });
    expect(await statuses(run)).toEqual([[3, 'completed']]);
  });

  test('made anew by a person has all its executions, and writes on in the same log', async () => {
    const run = await worker.newRun();
    await expect(worker.attempt('local.exec', { command: 'echo a; exit 1' }, { run, retry: { attempts: 1, on: [] } })).rejects.toThrow();
    await worker.log(run);
    const again = worker.attempt(
      'local.exec',
      { command: 'echo b; exit 1' },
      { run, attemptsBefore: 1, retry: { attempts: 2, on: ['exit_code'] } },
    );
    await expect(again).rejects.toMatchObject({ nonRetryable: false });
    const lines = await worker.log(run);
    expect(lines.map(({ n, attempt, text }) => [n, attempt, text])).toEqual([
      [1, 1, 'a'],
      [2, 1, 'the program ended with 1: echo a; exit 1'],
      [3, 2, 'b'],
      [4, 2, 'the program ended with 1: echo b; exit 1 (will be tried again)'],
    ]);
  });

  test('interrupted by the worker’s shutdown is lost, and made again elsewhere when that is allowed', async () => {
    const run = await worker.newRun();
    const asked = { run, cancel: AbortSignal.timeout(200), shutsDown: true, retry: { attempts: 2, on: ['lost'] as const } };
    await expect(worker.attempt('local.exec', { command: 'sleep 60' }, asked)).rejects.toMatchObject({ type: 'lost', nonRetryable: false });
    expect(await worker.step(run)).toMatchObject({ status: 'retrying' });
    expect(await statuses(run)).toEqual([[1, 'lost']]);
  });

  test('that Temporal no longer knows is lost, not cancelled: nobody asked for that', async () => {
    const run = await worker.newRun();
    const asked = { run, cancel: AbortSignal.timeout(200), forgotten: true, retry: { attempts: 2, on: ['lost'] as const } };
    await expect(worker.attempt('local.exec', { command: 'sleep 60' }, asked)).rejects.toMatchObject({ type: 'lost', nonRetryable: false });
    expect(await statuses(run)).toEqual([[1, 'lost']]);
  });

  test('that a person paused shows the step as paused, and the next goes on with its number although Temporal counts anew', async () => {
    const run = await worker.newRun();
    const policy = { run, retry: { attempts: 1, on: [] } };
    const paused = worker.attempt('local.exec', { command: 'sleep 60' }, { ...policy, cancel: AbortSignal.timeout(200), by: 'pause' });
    await expect(paused).rejects.toMatchObject({ type: 'lost', nonRetryable: false });
    expect(await worker.step(run)).toMatchObject({ status: 'paused', error: null, ended_at: null });
    const activity = { run, project: 'default', key: 'one', activity_id: 'one' };
    await renumberAttempts(worker.database.sql, activity, { attempt: 2, attemptsBefore: 0 });
    await worker.attempt('local.exec', { command: 'true' }, { ...policy, countedAnew: true });
    expect(await statuses(run)).toEqual([
      [1, 'lost'],
      [2, 'completed'],
    ]);
    expect((await worker.step(run)).status).toBe('completed');
  });

  test('has the time and the executions that a person gave it since, but not those of an activity before it', async () => {
    const activity = { project: 'default', key: 'one', activity_id: 'one' };
    const terms = { timeoutMs: 100, retry: { attempts: 3, delayMs: 0, backoff: 1, maxDelayMs: 0, on: [] } };
    const run = await worker.newRun();
    await leave(run, 1, 'failed');
    await saveTerms(worker.database.sql, { run, ...activity }, terms);
    const retry = { attempts: 2, on: ['timeout', 'exit_code'] } as const;
    const ended = worker.attempt('local.exec', { command: 'sleep 60' }, { run, attempt: 2, retry });
    await expect(ended).rejects.toMatchObject({ type: 'timeout', nonRetryable: false });
    const later = worker.attempt('local.exec', { command: 'sleep 0.3; exit 1' }, { run, attemptsBefore: 2, retry });
    await expect(later).rejects.toMatchObject({ type: 'exit_code' });
  });

  test('of a step that never heeds its signal ends all the same', async () => {
    const run = await worker.newRun();
    const began = Date.now();
    const deaf = worker.attempt('local.exec', { command: 'trap "" TERM; while :; do sleep 0.1; done' }, { run, timeoutMs: 200 });
    await expect(deaf).rejects.toMatchObject({ type: 'timeout' });
    expect(Date.now() - began).toBeLessThan(9000);
  });

  test('keeps NUL, broken bytes and escape sequences of the output apart from the rows’ sanity', async () => {
    const run = await worker.newRun();
    const command = String.raw`printf 'a\000b\n\377\376\n\033[31mred\033[0m\n'`;
    await worker.attempt('local.exec', { command }, { run });
    expect((await worker.log(run)).map(({ text }) => text)).toEqual(['a\0b', '\uFFFD\uFFFD', '\u001b[31mred\u001b[0m']);
    expect((await worker.step(run)).stdout).toContain('red');
  });

  test('masks what a declared output would hand on', async () => {
    await worker.addCredential('api', 'ssh_password', { password: 'hunter2hunter2' });
    const run = await worker.newRun();
    const asked = { run, secrets: { TOKEN: 'api.password' }, outputs: { token: '${{ result.result_data.t }}' } };
    const command = 'echo "{\\"result_data\\": {\\"t\\": \\"$TOKEN\\"}}" >&3';
    expect(await worker.attempt('local.exec', { command }, asked)).toMatchObject({ outputs: { token: '***' } });
  });

  test('a secret that does not open is auth and names credential and key, not the secret', async () => {
    await worker.addCredential('moved', 'ssh_password', { password: 'hunter2' });
    await worker.database.sql`update credentials set version = version + 1 where name = 'moved'`;
    const ended = worker.attempt('local.exec', { command: 'true' }, { secrets: { A: 'moved.password' } });
    await expect(ended).rejects.toMatchObject({ type: 'auth', message: expect.stringMatching(/key "k1"/), nonRetryable: true });
  });
});
