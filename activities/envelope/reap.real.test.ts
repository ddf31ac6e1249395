import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasRemoteWork } from '#db/queries/remote-work.ts';
import { finished, started } from '#db/testing/runs.ts';
import { stepFailure } from '#jobs/failure.ts';
import type { Sshd } from '#test/peers/sshd.ts';
import type { Reap } from '../contract.ts';
import { STEPS } from '../index.ts';
import { type TestWorker, testWorker } from '../testing/worker.ts';
import type { TemporalAttempt } from './attempt.ts';
import { clearTarget, reapStep } from './reap.ts';

let worker: TestWorker;
beforeAll(async () => {
  worker = await testWorker();
  const nowhere = { host: '127.0.0.1', port: 1, user: 'u', hostKeys: [], password: 'hunter2hunter2' } as unknown as Sshd;
  await worker.addTarget('core', nowhere, { by: 'password' });
});
afterAll(() => worker.close());

const context: TemporalAttempt = {
  info: { attempt: 1, isLocal: false, heartbeatDetails: undefined },
  cancellationSignal: new AbortController().signal,
  cancellationDetails: undefined,
  heartbeat: () => undefined,
};
const KILLED = { ended: true, tier: 'marker', signals: ['TERM'], pids: [7], left: [] };
const stepsThat = (reap: Reap) => ({ 'ssh.exec': { ...STEPS['ssh.exec'], reap } });

const leaving = async (...keys: readonly string[]) => {
  const run = await worker.newRun();
  for (const key of keys) void worker.parts.recorder.add(started(run, key, 1, 1, { target: 'core', type: 'ssh.exec', leaves_work: true }));
  await worker.parts.recorder.flush();
  return run;
};
const callFor = (run: string, key = 'one') => ({ run, project: 'default', key, type: 'ssh.exec', target: 'core', graceMs: 50 });
const workOf = (run: string, key: string) => ({ run, project: 'default', key, type: 'ssh.exec', target: 'core' });

describe('what a step left', () => {
  test('is ended on its target, and its files stay', async () => {
    const run = await leaving('one');
    const seen: unknown[] = [];
    const reap: Reap = async ({ run, key, target, graceMs }, forget) => {
      seen.push({ run, key, target: target.name, graceMs, forget });
      return KILLED;
    };
    expect(await reapStep(worker.parts, stepsThat(reap), callFor(run), context)).toEqual(KILLED);
    expect(seen).toEqual([{ run, key: 'one', target: 'core', graceMs: 50, forget: false }]);
    expect(await hasRemoteWork(worker.database.sql, callFor(run))).toBe(true);
  });

  test('is not looked for when the step never began', async () => {
    const run = await worker.newRun();
    const never: Reap = () => Promise.reject(new Error('asked for nothing'));
    expect(await reapStep(worker.parts, stepsThat(never), callFor(run), context)).toMatchObject({ ended: true, tier: null, pids: [] });
  });

  test('is told of by a failure without a secret when its target cannot be had', async () => {
    const run = await leaving('one');
    const failing: Reap = () => Promise.reject(stepFailure('connection', 'core dropped hunter2hunter2'));
    const ended = reapStep(worker.parts, stepsThat(failing), callFor(run), context);
    await expect(ended).rejects.toMatchObject({ type: 'connection', message: 'core dropped ***', nonRetryable: false });
    const unknown = reapStep(worker.parts, stepsThat(failing), { ...callFor(run), type: 'none' }, context);
    await expect(unknown).rejects.toMatchObject({ type: 'invalid_input', nonRetryable: true });
  });

  test('on one target is cleared away together: what was done is struck off, also when the rest could not be', async () => {
    const run = await leaving('a', 'b', 'c', 'd', 'e', 'f');
    const reap: Reap = async ({ key }, forget) => {
      expect(forget).toBe(true);
      if (key === 'f') throw stepFailure('connection', 'core went away');
      return key === 'b' ? { ...KILLED, ended: false, left: [{ pid: 9, owner: 'root' }] } : KILLED;
    };
    const works = ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => workOf(run, key));
    await expect(clearTarget(worker.parts, stepsThat(reap), works, context)).rejects.toMatchObject({ type: 'connection' });
    const left = await worker.database.sql`select key from remote_work where run_id = ${run} order by key`;
    expect(left.map(({ key }) => key)).toEqual(['b', 'f']);
    expect(
      await clearTarget(
        worker.parts,
        stepsThat(async () => KILLED),
        [workOf(run, 'b'), workOf(run, 'f')],
        context,
      ),
    ).toBe(2);
    expect(await worker.database.sql`select key from remote_work where run_id = ${run}`).toEqual([]);
  });
});

test('attempts that take work up again leave the executions that are allowed as they are', async () => {
  const run = await worker.newRun();
  const asked = { run, reattaches: true, retry: { attempts: 3, on: ['exit_code'] as const } };
  const look = async () => ({ exit_code: 0, stdout: '', stderr: '' });
  void worker.parts.recorder.add(started(run, 'one', 1, 1));
  void worker.parts.recorder.add(
    finished(run, 'one', 1, 'failed', { retrying: true, error: { type: 'exit_code', message: 'ended with 1' } }),
  );
  void worker.parts.recorder.add(started(run, 'one', 2, 1));
  await worker.parts.recorder.flush();
  await worker.attempt('local.exec', { command: 'true' }, { ...asked, attempt: 3, does: look });
  expect(await worker.step(run)).toMatchObject({ attempt: 3, attempts_allowed: 4 });
});
