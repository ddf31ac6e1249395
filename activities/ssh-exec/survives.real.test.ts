import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sshd, sshdMissing, startSshd } from '#test/peers/sshd.ts';
import type { Step } from '../envelope/attempt.ts';
import { isLiving, until } from '../testing/processes.ts';
import { type TestWorker, testWorker } from '../testing/worker.ts';
import { reapSshExec } from './reap.ts';

/** The home that the login has by the passwd file. */
const homeOf = ({ user }: Sshd): string => execFileSync('getent', ['passwd', user], { encoding: 'utf8' }).split(':')[5] ?? '';

describe.skipIf(sshdMissing !== null)(`what ssh.exec survives${sshdMissing === null ? '' : ` (${sshdMissing})`}`, () => {
  let worker: TestWorker;
  let sshd: Sshd;
  const HOST = 'host';
  beforeAll(async () => {
    [worker, sshd] = await Promise.all([testWorker(), startSshd()]);
    await worker.addTarget(HOST, sshd);
  });
  afterAll(async () => {
    await worker.close();
    await sshd.stop();
  });

  const LINES = Array.from({ length: 60 }, (_, index) => `line ${index + 1}`);
  const COUNTING = `echo began >> began; i=0; while [ $i -lt 60 ]; do i=$((i+1)); echo "line $i"; sleep 0.05; done; exit 5`;
  const linesOf = async (run: string) => (await worker.log(run)).filter(({ stream }) => stream === 'stdout').map(({ text }) => text);
  /** Waits until so many lines are in the log. */
  const seen = async (run: string, lines: number) => {
    for (let tries = 0; tries < 400 && (await linesOf(run)).length < lines; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 25));
  };
  const workingDirectory = () => {
    const directory = join(sshd.directory, `work-${Math.random()}`);
    mkdirSync(directory, { mode: 0o777 });
    chmodSync(directory, 0o777);
    return directory;
  };

  test('goes on when its connection is cut, and every line is there once', async () => {
    const run = await worker.newRun();
    const working_directory = workingDirectory();
    const ended = worker.attempt('ssh.exec', { command: COUNTING, working_directory }, { run, target: HOST });
    ended.catch(() => undefined);
    for (const lines of [5, 20, 40]) {
      await seen(run, lines);
      sshd.dropConnections();
    }
    await expect(ended).rejects.toMatchObject({ type: 'exit_code' });
    expect(await linesOf(run)).toEqual(LINES);
    expect(readFileSync(join(working_directory, 'began'), 'utf8')).toBe('began\n');
  });

  test('three workers die under it: one execution, every line once, the right code, and the whole tail', async () => {
    const run = await worker.newRun();
    const working_directory = workingDirectory();
    const config = { command: COUNTING, working_directory };
    for (const attempt of [1, 2, 3]) {
      const crash = new AbortController();
      const doomed = worker.attempt('ssh.exec', config, { run, target: HOST, attempt, crash: crash.signal });
      doomed.catch(() => undefined);
      await seen(run, attempt * 12);
      crash.abort();
      await expect(doomed).rejects.toThrow('crashed');
    }
    await expect(worker.attempt('ssh.exec', config, { run, target: HOST, attempt: 4 })).rejects.toMatchObject({ type: 'exit_code' });
    expect(await linesOf(run)).toEqual(LINES);
    expect(readFileSync(join(working_directory, 'began'), 'utf8')).toBe('began\n');
    expect(await worker.step(run)).toMatchObject({ exit_code: 5, stdout: LINES.map((line) => `${line}\n`).join('') });
    expect(await worker.commands(run)).toMatchObject([{ number: 1, exit_code: 5, attempt: 1 }]);
  });

  test('a host that has forgotten a command that spoke is not given it again', async () => {
    const run = await worker.newRun();
    const working_directory = workingDirectory();
    const config = { command: 'echo x >> runs; echo began; sleep 60', working_directory };
    const crash = new AbortController();
    const doomed = worker.attempt('ssh.exec', config, { run, target: HOST, crash: crash.signal });
    doomed.catch(() => undefined);
    await seen(run, 1);
    crash.abort();
    await doomed.catch(() => undefined);
    const [pid] = readFileSync(join(homeOf(sshd), '.capstan', run, 'one.0/1/pid'), 'utf8')
      .split(' ')
      .map(Number);
    process.kill(pid ?? 0, 'SIGKILL');
    rmSync(join(homeOf(sshd), '.capstan', run), { recursive: true });
    await expect(worker.attempt('ssh.exec', config, { run, target: HOST, attempt: 2 })).rejects.toMatchObject({
      type: 'lost',
      message: expect.stringContaining('knows nothing of the command'),
    });
    expect(readFileSync(join(working_directory, 'runs'), 'utf8')).toBe('x\n');
  });

  test('a worker that leaves takes nothing with it, and the next one reports the end', async () => {
    const run = await worker.newRun();
    const leave = new AbortController();
    const config = { command: 'echo one; sleep 1.5; echo two' };
    const left = worker.attempt('ssh.exec', config, { run, target: HOST, cancel: leave.signal, shutsDown: true });
    left.catch(() => undefined);
    await seen(run, 1);
    leave.abort();
    await expect(left).rejects.toMatchObject({ type: 'lost' });
    await worker.attempt('ssh.exec', config, { run, target: HOST, attempt: 2 });
    expect(await worker.step(run)).toMatchObject({ status: 'completed', exit_code: 0, stdout: 'one\ntwo\n' });
  });

  test('a retry after a failing code executes anew, a success is never executed twice', async () => {
    const run = await worker.newRun();
    const working_directory = workingDirectory();
    const config = { command: 'echo x >> runs; [ $(wc -l < runs) -ge 2 ]', working_directory };
    const retry = { attempts: 3, on: ['exit_code'] } as const;
    await expect(worker.attempt('ssh.exec', config, { run, target: HOST, retry })).rejects.toMatchObject({
      type: 'exit_code',
      nonRetryable: false,
    });
    const crash = new AbortController();
    const unreported = worker.attempt('ssh.exec', config, { run, target: HOST, retry, attempt: 2, crash: crash.signal });
    unreported.catch(() => undefined);
    await until(() => readFileSync(join(working_directory, 'runs'), 'utf8') === 'x\nx\n', 10_000);
    crash.abort();
    await unreported.catch(() => undefined);
    await worker.attempt('ssh.exec', config, { run, target: HOST, retry, attempt: 3 });
    expect(readFileSync(join(working_directory, 'runs'), 'utf8')).toBe('x\nx\n');
  });

  test('an execution whose worker died before it asked the host begins, although the one before it rides in the heartbeat', async () => {
    const run = await worker.newRun();
    const working_directory = workingDirectory();
    const config = { command: 'echo x >> runs; [ $(wc -l < runs) -ge 2 ]', working_directory };
    const asked = { run, target: HOST, retry: { attempts: 2, on: ['exit_code'] } } as const;
    await expect(worker.attempt('ssh.exec', config, asked)).rejects.toMatchObject({ type: 'exit_code' });
    const crash = new AbortController();
    const does: Step['run'] = () => {
      crash.abort();
      return new Promise(() => undefined);
    };
    await expect(worker.attempt('ssh.exec', config, { ...asked, attempt: 2, crash: crash.signal, does })).rejects.toThrow('crashed');
    const checkpoint = { execution: '1', stdout: 0, stderr: 0 };
    await worker.attempt('ssh.exec', config, { ...asked, attempt: 3, checkpoint });
    expect(readFileSync(join(working_directory, 'runs'), 'utf8')).toBe('x\nx\n');
    expect(await worker.commands(run)).toMatchObject([{ attempt: 1 }, { attempt: 2, exit_code: 0 }]);
  });

  test('cancelled after its worker died, it is ended by whoever reaps, and forgotten when asked to', async () => {
    const run = await worker.newRun();
    const crash = new AbortController();
    const doomed = worker.attempt(
      'ssh.exec',
      { command: 'setsid sleep 60 & echo $!; sleep 61' },
      { run, target: HOST, crash: crash.signal },
    );
    doomed.catch(() => undefined);
    await seen(run, 1);
    crash.abort();
    await doomed.catch(() => undefined);
    const [pid] = (await linesOf(run)).map(Number);
    expect(isLiving(pid ?? 0)).toBe(true);
    let reaped: object | undefined;
    const does: Step['run'] = async (_config, step) => {
      const { target } = step;
      if (target !== null) reaped = await reapSshExec({ ...step, run, key: 'one', target, graceMs: 1000 }, true);
      return {};
    };
    await worker.attempt('ssh.exec', { command: 'true' }, { target: HOST, does });
    expect(reaped).toMatchObject({ ended: true, signals: ['TERM'], left: [], pids: expect.arrayContaining([pid]) });
    expect(isLiving(pid ?? 0)).toBe(false);
    expect(existsSync(join(homeOf(sshd), '.capstan', run))).toBe(false);
  });
});
