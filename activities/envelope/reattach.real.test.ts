import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stepFailure } from '#jobs/failure.ts';
import type { StepContext } from '../contract.ts';
import { until } from '../testing/processes.ts';
import { type Asked, type TestWorker, testWorker } from '../testing/worker.ts';

let worker: TestWorker;
beforeAll(async () => {
  worker = await testWorker();
});
afterAll(() => worker.close());

/** Output that goes on whoever looks: a stand-in for a host. */
class Remote {
  readonly output = Buffer.from(Array.from({ length: 40 }, (_, index) => `line ${index + 1} of forty\n`).join(''));
  executions = 0;
  seen: { execution: StepContext['execution']; from: number }[] = [];

  /** Follows the output from where the log ends, a few bytes at a time, up to `bytes` of it; then waits to be stopped, or ends. */
  follow =
    (bytes = this.output.length, onReached: () => void = () => undefined) =>
    async (_config: never, step: StepContext): Promise<object> => {
      if (!step.execution.reattached) this.executions += 1;
      const from = step.log.stored.stdout;
      this.seen.push({ execution: step.execution, from });
      if (from > 0) step.log.recall('stdout', this.output.subarray(Math.max(0, from - 4096), from));
      for (let at = from; at < bytes; at += 7) await step.log.write('stdout', this.output.subarray(at, Math.min(at + 7, bytes)));
      if (bytes === this.output.length) return { exit_code: 0, ...step.log.tail() };
      await step.log.settled();
      onReached();
      return stopped(step);
    };
}

const stopped = (step: StepContext): Promise<never> =>
  new Promise((_resolve, reject) => {
    step.signal.addEventListener('abort', () => reject(step.signal.reason));
    if (step.signal.aborted) reject(step.signal.reason);
  });

const CALL = { reattaches: true, retry: { attempts: 1, on: [] } } as const satisfies Asked;
const attempts = async (run: string) =>
  (await worker.step(run)).attempts.map(({ attempt, status, reattached }) => ({ attempt, status, reattached }));
const linesOf = async (run: string, stream = 'stdout') =>
  (await worker.log(run)).filter((line) => line.stream === stream).map(({ text }) => text);

describe('a step whose work outlives its worker', () => {
  test('is taken up where its log was stored when its worker crashed: one execution, every line once, the whole tail', async () => {
    const run = await worker.newRun();
    const remote = new Remote();
    for (const [index, reached] of [130, 131, 333].entries()) {
      const crash = new AbortController();
      const doomed = worker.attempt(
        'local.exec',
        { command: 'true' },
        {
          ...CALL,
          run,
          attempt: index + 1,
          crash: crash.signal,
          does: remote.follow(reached, () => crash.abort()),
        },
      );
      await expect(doomed).rejects.toThrow('crashed');
    }
    await worker.attempt('local.exec', { command: 'true' }, { ...CALL, run, attempt: 4, does: remote.follow() });

    expect(remote.executions).toBe(1);
    expect(remote.seen.map(({ execution }) => execution)).toEqual([
      { number: 1, reattached: false },
      ...[2, 3, 4].map(() => ({ number: 1, reattached: true })),
    ]);
    expect(await linesOf(run)).toEqual(remote.output.toString().trimEnd().split('\n'));
    expect(await attempts(run)).toEqual([
      { attempt: 1, status: 'lost', reattached: false },
      { attempt: 2, status: 'lost', reattached: true },
      { attempt: 3, status: 'lost', reattached: true },
      { attempt: 4, status: 'completed', reattached: true },
    ]);
    const step = await worker.step(run);
    expect(step.attempts[0]?.error?.message).toBe('the worker stopped while the step ran; attempt 2 took its work up');
    expect(step.stdout).toBe(remote.output.toString());
  });

  test('is left running by a worker that shuts down, whatever the policy says, and goes on in the middle of a line', async () => {
    const run = await worker.newRun();
    const remote = new Remote();
    const leaving = new AbortController();
    const asked = { ...CALL, run, cancel: leaving.signal, shutsDown: true, does: remote.follow(100, () => leaving.abort()) };
    await expect(worker.attempt('local.exec', { command: 'true' }, asked)).rejects.toMatchObject({ type: 'lost', nonRetryable: false });
    expect(await worker.step(run)).toMatchObject({ status: 'retrying' });
    await worker.attempt('local.exec', { command: 'true' }, { ...CALL, run, attempt: 2, does: remote.follow() });
    expect(await linesOf(run)).toEqual(remote.output.toString().trimEnd().split('\n'));
    expect(await linesOf(run, 'system')).toEqual(['the worker was shut down while the step ran (will be taken up again)']);
    expect(await attempts(run)).toMatchObject([{ status: 'lost' }, { status: 'completed', reattached: true }]);
  });

  test('begins anew after a known end, with a log of its own count', async () => {
    const run = await worker.newRun();
    const remote = new Remote();
    const failing = async (_config: never, step: StepContext): Promise<object> => {
      await step.log.write('stdout', Buffer.from('once\n'));
      throw stepFailure('exit_code', 'ended with 1', { exit_code: 1 });
    };
    const policy = { attempts: 2, on: ['exit_code'], delayMs: 5000, backoff: 1, maxDelayMs: 5000 } as const;
    const first = worker.attempt('local.exec', { command: 'true' }, { ...CALL, run, retry: policy, does: failing });
    await expect(first).rejects.toMatchObject({ type: 'exit_code', nonRetryable: false, nextRetryDelay: 5000 });
    await worker.attempt('local.exec', { command: 'true' }, { ...CALL, run, attempt: 2, retry: policy, does: remote.follow() });
    expect(remote.seen).toEqual([{ execution: { number: 2, reattached: false }, from: 0 }]);
    expect((await linesOf(run))[0]).toBe('once');
  });

  test('is written by nobody but the attempt that took it up', async () => {
    const run = await worker.newRun();
    const remote = new Remote();
    const zombie = new AbortController();
    const reached = Promise.withResolvers<void>();
    const late = Promise.withResolvers<unknown>();
    const old = worker.attempt(
      'local.exec',
      { command: 'true' },
      {
        ...CALL,
        run,
        cancel: zombie.signal,
        forgotten: true,
        does: async (config, step) => {
          const following = remote.follow(60, reached.resolve)(config, step);
          await following.catch(() => undefined);
          await step.log.write('stdout', Buffer.from('from beyond\n'));
          late.resolve(await step.log.settled().catch((error: unknown) => error));
          throw step.signal.reason;
        },
      },
    );
    await reached.promise;
    await worker.attempt('local.exec', { command: 'true' }, { ...CALL, run, attempt: 2, does: remote.follow() });
    zombie.abort();
    await expect(old).rejects.toMatchObject({ type: 'lost' });
    expect(await late.promise).toMatchObject({ type: 'internal' });
    expect(await linesOf(run)).toEqual(remote.output.toString().trimEnd().split('\n'));
    expect(await worker.step(run)).toMatchObject({ status: 'completed', attempt: 2 });
  });

  test('counts its time from when its work began', async () => {
    const run = await worker.newRun();
    const slow = (_config: never, step: StepContext): Promise<object> => {
      step.hasRunFor(9_800);
      return stopped(step);
    };
    const ended = worker.attempt('local.exec', { command: 'true' }, { ...CALL, run, timeoutMs: 10_000, does: slow });
    await expect(ended).rejects.toMatchObject({ type: 'timeout' });
  });

  test('is noted as something to look after before it begins', async () => {
    const run = await worker.newRun();
    const noted: unknown[] = [];
    const look = async (): Promise<object> => {
      noted.push(...(await worker.database.sql`select key, target, type, tries from remote_work where run_id = ${run}`));
      return { exit_code: 0, stdout: '', stderr: '' };
    };
    await worker.attempt('local.exec', { command: 'true' }, { ...CALL, run, target: 'host', does: look });
    expect(noted).toEqual([{ key: 'one', target: 'host', type: 'local.exec', tries: 0 }]);
  });
});

test('commands and files that a step tells of become rows, masked and clamped, the newest word standing', async () => {
  await worker.addCredential('api', 'ssh_password', { password: 'hunter2hunter2' });
  const run = await worker.newRun();
  const at = new Date().toISOString();
  const tell = async (_config: never, step: StepContext): Promise<object> => {
    const command = { number: 1, command: 'show hunter2hunter2', error: '', executed_at: at, parsed: null };
    step.command({ ...command, output: '', exit_code: null, duration_ms: null });
    step.command({
      ...command,
      output: `${'é'.repeat(40_000)}hunter2hunter2\0`,
      exit_code: 0,
      duration_ms: 1.6,
      parsed: { key: 'hunter2hunter2' },
    });
    const file = { number: 1, local_path: null, remote_path: '/srv/a', file_size: 10, started_at: at, error_message: null, sha256: null };
    const moving = { ...file, operation_type: 'upload', bytes_transferred: 4, transfer_rate_bps: 99.5, resumed_from: 0 } as const;
    step.transfer({ ...moving, status: 'running', completed_at: null });
    await until(() => false, 30);
    step.transfer({ ...moving, bytes_transferred: 10, status: 'completed', completed_at: at });
    return { exit_code: 0, stdout: '', stderr: '' };
  };
  await worker.attempt('local.exec', { command: 'true' }, { run, attempt: 3, secrets: { A: 'api.password' }, does: tell });
  const [command, ...others] = await worker.commands(run);
  expect(others).toEqual([]);
  expect(command).toMatchObject({ attempt: 3, number: 1, command: 'show ***', exit_code: 0, duration_ms: 2, parsed: { key: '***' } });
  expect(command?.output).toMatch(/^é+\*\*\*\uFFFD$/);
  expect(Buffer.byteLength(command?.output ?? '')).toBeLessThanOrEqual(65_536 + 2);
  expect(await worker.transfers(run)).toMatchObject([{ status: 'completed', bytes_transferred: 10, transfer_rate_bps: 100 }]);
});
