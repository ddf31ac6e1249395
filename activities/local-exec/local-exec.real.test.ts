import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testExamples } from '../testing/examples.ts';
import { isLiving, until } from '../testing/processes.ts';
import { type TestWorker, testWorker } from '../testing/worker.ts';

let worker: TestWorker;
beforeAll(async () => {
  worker = await testWorker();
});
afterAll(() => worker.close());

describe('local.exec', () => {
  testExamples('local.exec', () => worker, {});

  test('is refused by a worker that does not enable it, and nothing is started', async () => {
    const closed = await testWorker({ CAPSTAN_WORKER__LOCAL_EXEC: 'false' });
    try {
      await expect(closed.attempt('local.exec', { command: 'true' })).rejects.toMatchObject({ type: 'policy', nonRetryable: true });
    } finally {
      await closed.close();
    }
  });

  test('does not hand the worker’s own environment to the program', async () => {
    process.env.CAPSTAN_TEST_CANARY = 'must stay here';
    const run = await worker.newRun();
    await worker.attempt('local.exec', { command: 'env' }, { run });
    delete process.env.CAPSTAN_TEST_CANARY;
    expect((await worker.step(run)).stdout).not.toContain('CANARY');
  });

  test('lets a script redirect to /dev/stderr and to $CAPSTAN_EVENTS', async () => {
    const run = await worker.newRun();
    await worker.attempt('local.exec', { command: `echo oops > /dev/stderr; echo '{"result_data":[1]}' >> "$CAPSTAN_EVENTS"` }, { run });
    expect(await worker.step(run)).toMatchObject({ stderr: 'oops\n', result: { result_data: [1] } });
  });

  test('shows progress, which never falls', async () => {
    const run = await worker.newRun();
    const command = `for p in 10 60 30; do echo "{\\"progress\\": $p, \\"message\\": \\"at $p\\"}" >&3; sleep 0.3; done; exit 1`;
    await expect(worker.attempt('local.exec', { command }, { run })).rejects.toMatchObject({ type: 'exit_code' });
    expect(await worker.step(run)).toMatchObject({ progress: 60, progress_message: 'at 30' });
  });

  test('says which lines of events it could not read', async () => {
    const run = await worker.newRun();
    await worker.attempt('local.exec', { command: 'echo nonsense >&3' }, { run });
    expect((await worker.log(run)).map((line) => line.text)).toContain('not an event, ignored: nonsense');
  });

  test('cancelled, ends the whole process group, also what ignores TERM', async () => {
    const run = await worker.newRun();
    const command = 'trap "" TERM; sleep 60 & echo $$ $!; wait';
    await expect(worker.attempt('local.exec', { command }, { run, cancel: AbortSignal.timeout(400) })).rejects.toThrow(/TERM, then KILL/);
    const { stdout, status } = await worker.step(run);
    expect(status).toBe('cancelled');
    for (const pid of (stdout ?? '').trim().split(' ').map(Number)) expect(isLiving(pid)).toBe(false);
  });

  test('over its time, ends as timed out with what was shown until then', async () => {
    const run = await worker.newRun();
    const ended = worker.attempt('local.exec', { command: 'echo begun; sleep 60' }, { run, timeoutMs: 400 });
    await expect(ended).rejects.toMatchObject({ type: 'timeout' });
    expect(await worker.step(run)).toMatchObject({ status: 'timed_out', stdout: 'begun\n' });
  });

  test('leaves nothing running that the program started and forgot', async () => {
    const run = await worker.newRun();
    await worker.attempt('local.exec', { command: 'sleep 60 >/dev/null 2>&1 3>&- & echo $!' }, { run });
    const pid = Number((await worker.step(run)).stdout);
    await until(() => !isLiving(pid), 2000);
    expect(isLiving(pid)).toBe(false);
  });

  test('a missing directory is named', async () => {
    const ended = worker.attempt('local.exec', { command: 'true', working_directory: '/no/such/place' });
    await expect(ended).rejects.toThrow('there is no directory /no/such/place on this worker');
  });
});

test('a worker killed with -9 takes the program and its offspring along', async () => {
  const program = `
    import { runProgram } from '#activities/transports/local/program.ts';
    await runProgram(
      { argv: ['/bin/sh', '-c', 'sleep 60 & echo $$ $!; wait'], working_directory: null, environment: { PATH: process.env.PATH }, stdin: null },
      { signal: new AbortController().signal, onData: (stream, bytes) => void process.stdout.write(bytes) },
    );`;
  const killed = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(killed.stdout, 'data')) as [Buffer];
  const pids = said.toString().trim().split(' ').map(Number);
  expect(pids.map(isLiving)).toEqual([true, true]);
  killed.kill('SIGKILL');
  await until(() => !pids.some(isLiving), 3000);
  expect(pids.map(isLiving)).toEqual([false, false]);
});
