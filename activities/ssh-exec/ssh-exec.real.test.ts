import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sshd, sshdMissing, startSshd } from '#test/peers/sshd.ts';
import { testExamples } from '../testing/examples.ts';
import { isLiving } from '../testing/processes.ts';
import { type TestWorker, testWorker } from '../testing/worker.ts';

describe.skipIf(sshdMissing !== null)(`ssh.exec${sshdMissing === null ? '' : ` (${sshdMissing})`}`, () => {
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

  testExamples('ssh.exec', () => worker, { target: HOST });

  test('keeps stdout and stderr apart', async () => {
    const run = await worker.newRun();
    await worker.attempt('ssh.exec', { command: 'echo one; echo two >&2' }, { run, target: HOST });
    expect(await worker.step(run)).toMatchObject({ stdout: 'one\n', stderr: 'two\n', exit_code: 0 });
  });

  test('a failing command keeps its code and the tail of its output', async () => {
    const run = await worker.newRun();
    await expect(worker.attempt('ssh.exec', { command: 'echo out; echo err >&2; exit 7' }, { run, target: HOST })).rejects.toMatchObject({
      type: 'exit_code',
      nonRetryable: true,
    });
    expect(await worker.step(run)).toMatchObject({ status: 'failed', exit_code: 7, stdout: 'out\n', stderr: 'err\n' });
  });

  test('cancelled, ends the remote group within five seconds, also what ignores TERM, and says how', async () => {
    const run = await worker.newRun();
    const command = 'trap "" TERM; sleep 60 & echo $$ $!; wait';
    const began = Date.now();
    const ended = worker.attempt('ssh.exec', { command }, { run, target: HOST, cancel: AbortSignal.timeout(500) });
    await expect(ended).rejects.toThrow(/cancelled; its processes on host were ended by TERM, then KILL/);
    expect(Date.now() - began).toBeLessThan(5500);
    const { stdout } = await worker.step(run);
    const pids = (stdout ?? '').trim().split(' ').map(Number);
    expect(pids).toHaveLength(2);
    expect(pids.map(isLiving)).toEqual([false, false]);
  });

  test('over its time, ends the remote group and shows as timed out', async () => {
    const run = await worker.newRun();
    await expect(worker.attempt('ssh.exec', { command: 'echo $$; sleep 60' }, { run, target: HOST, timeoutMs: 700 })).rejects.toMatchObject(
      { type: 'timeout' },
    );
    const { status, stdout } = await worker.step(run);
    expect(status).toBe('timed_out');
    expect(isLiving(Number(stdout))).toBe(false);
  });

  test('is lost, not failed, when the connection ends before the command', async () => {
    const run = await worker.newRun();
    const file = join(sshd.directory, 'pid');
    const ended = worker.attempt('ssh.exec', { command: `echo $$ > ${file}; sleep 60` }, { run, target: HOST });
    const pid = () => Number(readFileSync(file, 'utf8'));
    setTimeout(() => sshd.dropConnections(), 700);
    await expect(ended).rejects.toMatchObject({ type: 'lost', nonRetryable: true });
    expect((await worker.step(run)).status).toBe('lost');
    process.kill(-pid(), 'SIGKILL');
  });

  test('a secret bound to the step reaches the command and never a row, a log or a failure', async () => {
    const secret = 'hunter2-äöü"$(x)';
    await worker.addCredential('db', 'ssh_password', { password: secret });
    const run = await worker.newRun();
    const command = 'printf %s "$DB" | sed "s/.*/[&]/"; printf %s "$DB" | base64 >&2; [ "$DB" = nothing ] || exit 9';
    const ended = worker.attempt('ssh.exec', { command }, { run, target: HOST, secrets: { DB: 'db.password' } });
    await expect(ended).rejects.toMatchObject({ type: 'exit_code' });
    const step = await worker.step(run);
    expect(step.stdout).toBe('[***]');
    const shown = JSON.stringify([step, await worker.log(run)]);
    expect(shown).not.toContain('hunter2');
    expect(shown).not.toContain(Buffer.from(secret).toString('base64').slice(2, -4));
  });

  test.each([
    ['an unknown target', { target: 'nowhere' }, 'invalid_input', /no target "nowhere"/],
    ['no target at all', { target: null }, 'invalid_input', /needs a target/],
    ['an unknown credential', { target: 'host', secrets: { A: 'none.password' } }, 'invalid_input', /no credential "none"/],
    ['an unknown field', { target: 'host', secrets: { A: 'host-login.pin' } }, 'invalid_input', /host-login has the fields private_key/],
  ])('%s is named', async (_what, asked, type, message) => {
    const run = await worker.newRun();
    await expect(worker.attempt('ssh.exec', { command: 'true' }, { run, ...asked })).rejects.toMatchObject({ type, nonRetryable: true });
    expect((await worker.step(run)).error?.message).toMatch(message);
  });

  test('config that breaks its schema is refused before anything is done', async () => {
    const ended = worker.attempt('ssh.exec', { command: 7 }, { target: HOST });
    await expect(ended).rejects.toMatchObject({ type: 'invalid_input', message: expect.stringContaining('config.command') });
  });

  test('a variable that no shell can carry is refused by name', async () => {
    const nul = worker.attempt('ssh.exec', { command: 'true', environment: { A: 'a\0b' } }, { target: HOST });
    await expect(nul).rejects.toThrow(/environment.A holds a NUL/);
    const name = worker.attempt('ssh.exec', { command: 'true', environment: { 'A B': 'x' } }, { target: HOST });
    await expect(name).rejects.toThrow(/"A B" is no variable name/);
  });
});
