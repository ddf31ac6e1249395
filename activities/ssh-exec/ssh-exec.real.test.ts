import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sshd, sshdMissing, startSshd } from '#test/peers/sshd.ts';
import { testExamples } from '../testing/examples.ts';
import { isLiving } from '../testing/processes.ts';
import { type TestWorker, testWorker } from '../testing/worker.ts';

/** The home that the login has by the passwd file. */
const homeOf = ({ user }: Sshd): string => execFileSync('getent', ['passwd', user], { encoding: 'utf8' }).split(':')[5] ?? '';

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

  test('cancelled, ends the whole tree within five seconds, what ignores TERM and what fled into sessions too, and names it', async () => {
    const run = await worker.newRun();
    const command = `trap '' TERM; setsid sh -c 'sleep 60 & echo $!; wait' & sleep 61 & echo $!; wait; sleep 62`;
    const cancel = new AbortController();
    const ended = worker.attempt('ssh.exec', { command }, { run, target: HOST, cancel: cancel.signal });
    ended.catch(() => undefined);
    await seen(run, 2);
    const began = Date.now();
    cancel.abort();
    await expect(ended).rejects.toThrow(/cancelled; its processes on host were ended by TERM, then KILL: \d+/);
    expect(Date.now() - began).toBeLessThan(5500);
    const { stdout, error } = await worker.step(run);
    const pids = (stdout ?? '').trim().split('\n').map(Number);
    expect(pids).toHaveLength(2);
    expect(pids.map(isLiving)).toEqual([false, false]);
    expect(error?.details).toMatchObject({ signals: ['TERM', 'KILL'], left: [], pids: expect.arrayContaining(pids) });
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

  const linesOf = async (run: string) => (await worker.log(run)).filter(({ stream }) => stream === 'stdout').map(({ text }) => text);
  /** Waits until so many lines are in the log. */
  const seen = async (run: string, lines: number) => {
    for (let tries = 0; tries < 400 && (await linesOf(run)).length < lines; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 25));
  };

  test('output goes from the host once it is stored, and the code stays', async () => {
    const run = await worker.newRun();
    await worker.attempt('ssh.exec', { command: 'echo secret-looking' }, { run, target: HOST });
    const directory = join(homeOf(sshd), '.capstan', run, 'one.0', '1');
    expect(readdirSync(directory)).not.toContain('out');
    expect(readFileSync(join(directory, 'rc'), 'utf8')).toMatch(/^0 /);
  });

  test('several commands are rows with their own output, code and time', async () => {
    const run = await worker.newRun();
    const commands = ['echo one', 'echo two >&2; exit 3', 'echo three'];
    await expect(worker.attempt('ssh.exec', { commands }, { run, target: HOST })).rejects.toThrow(/command 2 ended with 3 on host/);
    expect(await worker.commands(run)).toMatchObject([
      { number: 1, command: 'echo one', output: 'one\n', exit_code: 0 },
      { number: 2, output: '', error: 'two\n', exit_code: 3 },
    ]);
    // Each is a stretch of the log that begins with the line that shows it.
    const log = (await worker.log(run)).map(({ text }) => text);
    const stretches = (await worker.commands(run)).map(({ first_line, last_line }) => log.slice((first_line ?? 0) - 1, last_line ?? 0));
    expect(stretches).toEqual([
      ['$ echo one', 'one'],
      ['$ echo two >&2; exit 3', 'two'],
    ]);
  });

  test('too much output is policy, and its tree is ended', async () => {
    const run = await worker.newRun();
    const flood = worker.attempt('ssh.exec', { command: 'yes $$', max_output: 2_000_000 }, { run, target: HOST });
    await expect(flood).rejects.toMatchObject({ type: 'policy', message: expect.stringContaining('max_output, 2000000 bytes') });
  });

  test('invalid UTF-8, NUL and a last line without end are logged, not lost', async () => {
    const run = await worker.newRun();
    await worker.attempt('ssh.exec', { command: `printf 'a\\377b\\000c\\nend'` }, { run, target: HOST });
    expect(await linesOf(run)).toHaveLength(2);
    expect((await linesOf(run))[1]).toBe('end');
  });

  interface Refusal {
    readonly what: string;
    readonly config?: { readonly working_directory: string };
    readonly also?: { readonly remote_dir: string };
    readonly type: string;
    readonly says: string;
  }
  const refusals: readonly Refusal[] = [
    {
      what: 'a missing directory',
      config: { working_directory: '/no/such' },
      type: 'invalid_input',
      says: 'has no directory /no/such to enter',
    },
    {
      what: 'a state directory that cannot be made',
      also: { remote_dir: '/proc/x' },
      type: 'policy',
      says: 'has no directory for the command',
    },
  ];
  const closed: Refusal = {
    what: 'a closed directory',
    config: { working_directory: '/root' },
    type: 'invalid_input',
    says: 'may not enter /root on',
  };
  test.each(process.getuid?.() === 0 ? [...refusals, closed] : refusals)(
    '$what is told, naming target and path',
    async ({ config, also, type, says }) => {
      const target = `host-${Math.random().toString(36).slice(2)}`;
      await worker.addTarget(target, sshd, { also: also ?? {} });
      const failed = worker.attempt('ssh.exec', { command: 'true', ...config }, { target });
      await expect(failed).rejects.toMatchObject({ type, message: expect.stringContaining(says) });
      await expect(failed).rejects.toThrow(target);
    },
  );

  test('a host without a POSIX shell runs the command on the connection, and says so', async () => {
    const other = await startSshd({
      config: ['ForceCommand case "$SSH_ORIGINAL_COMMAND" in "/bin/sh -s") exit 127 ;; *) eval "$SSH_ORIGINAL_COMMAND" ;; esac'],
    });
    try {
      await worker.addTarget('shell-less', other);
      const run = await worker.newRun();
      await worker.attempt('ssh.exec', { command: 'echo plain; exit 4', success_codes: [4] }, { run, target: 'shell-less' });
      expect((await worker.step(run)).result).toMatchObject({ exit_code: 4, stdout: 'plain\n', detached: 'none' });
      const failed = worker.attempt('ssh.exec', { command: 'true', environment: { A: 'b' } }, { target: 'shell-less' });
      await expect(failed).rejects.toThrow(/shell-less has no POSIX shell/);
    } finally {
      await other.stop();
    }
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
    const long = worker.attempt('ssh.exec', { command: 'true', environment: { A: 'x'.repeat(102_401) } }, { target: HOST });
    await expect(long).rejects.toThrow(/environment.A is 102401 bytes long; .*use stdin/);
  });
});
