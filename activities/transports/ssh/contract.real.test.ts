import { once } from 'node:events';
import type { ClientChannel } from 'ssh2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerOf, byPassword, NEVER, routeTo, testPool, textOf } from '#activities/testing/ssh-routes.ts';
import { asyncsshMissing, startAsyncssh } from '#test/peers/asyncssh.ts';
import { dropbearMissing, startDropbear } from '#test/peers/dropbear.ts';
import { type FaultProxy, startFaultProxy } from '#test/peers/fault-proxy.ts';
import { LOGIN_SHELLS, shellMissing } from '#test/peers/plain-user.ts';
import { type SshPeer, sshdMissing, startSshd } from '#test/peers/sshd.ts';
import type { SshSession } from './session.ts';

interface Server {
  readonly name: string;
  readonly missing: string | null;
  start(): Promise<SshPeer>;
}

const SERVERS: readonly Server[] = [
  ...LOGIN_SHELLS.map((shell) => ({
    name: `OpenSSH, login shell ${shell}`,
    missing: sshdMissing ?? shellMissing(shell),
    start: () => startSshd({ shell }),
  })),
  { name: 'Dropbear', missing: dropbearMissing, start: startDropbear },
  { name: 'AsyncSSH', missing: asyncsshMissing, start: startAsyncssh },
];

/** Everything a channel says, until it is closed; input is what is typed. */
async function saidOn(channel: ClientChannel, input: string): Promise<{ text: string; code: number | null }> {
  let text = '';
  let code: number | null = null;
  channel.on('data', (bytes: Buffer) => {
    text += bytes.toString();
  });
  channel.stderr.resume();
  channel.once('exit', (exited: number | null) => {
    code = exited;
  });
  channel.write(input);
  await once(channel, 'close');
  return { text, code };
}

describe.concurrent.each(SERVERS)('a session on $name', ({ missing, start }) => {
  describe.skipIf(missing !== null)(missing ?? 'as it is', { concurrent: false }, () => {
    let peer: SshPeer;
    let proxy: FaultProxy;
    let session: SshSession;
    const pool = testPool();
    beforeAll(async () => {
      peer = await start();
      proxy = await startFaultProxy(peer.port);
      session = await pool.session(routeTo(peer), NEVER);
    });
    afterAll(async () => {
      pool.close();
      await proxy?.stop();
      await peer?.stop();
    });

    test('answers with both streams and the exit code', async () => {
      const { code, stdout, stderr } = await answerOf(session, 'echo out; echo err >&2; exit 7\n');
      expect([code, stdout.toString(), stderr.toString()]).toEqual([7, 'out\n', 'err\n']);
      expect((await answerOf(session, 'true')).code).toBe(0);
      expect((await answerOf(session, 'kill -9 $$')).code).toBe(137);
    });

    test('takes a long script whole, and answers with any bytes', async () => {
      const value = 'äöü \u{1f680} "$HOME" `id` \\'.repeat(8000);
      expect(await textOf(session, `value='${value}'\nprintf %s "$value"`)).toBe(value);
      const { stdout } = await answerOf(session, 'head -c 300000 /dev/zero');
      expect(stdout.equals(Buffer.alloc(300_000))).toBe(true);
    });

    test('gives an answer that is too long, or too slow, or not wanted any more, up as connection or as asked', async () => {
      const long = session.ask('head -c 5000 /dev/zero; sleep 20', { signal: NEVER, limitMs: 20_000, maxBytes: 1000 });
      await expect(long).rejects.toMatchObject({ type: 'connection', message: expect.stringContaining('1000 bytes') });
      const slow = session.ask('sleep 20', { signal: NEVER, limitMs: 300, maxBytes: 1000 });
      await expect(slow).rejects.toMatchObject({ type: 'connection', message: expect.stringContaining('300 ms') });
      const aborted = session.ask('sleep 20', { signal: AbortSignal.timeout(300), limitMs: 20_000, maxBytes: 1000 });
      await expect(aborted).rejects.toThrow(/timeout/);
    });

    test('does not wait for what a script leaves behind on its output', async () => {
      expect(await textOf(session, 'sleep 15 & echo left')).toBe('left\n');
    }, 12_000);

    test('runs a command line by the login shell', async () => {
      const channel = await session.run('echo "in $((1+1))"; exit 5', NEVER);
      expect(await saidOn(channel, '')).toEqual({ text: 'in 2\n', code: 5 });
    });

    test('gives a terminal of the size asked for, which echoes', async () => {
      const channel = await session.terminal({ columns: 132, rows: 43 }, NEVER);
      const { text, code } = await saidOn(channel, 'stty size; tty; exit 4\n');
      expect(text).toContain('stty size');
      expect(text).toMatch(/43 132/);
      expect(text).toMatch(/\/dev\/pts\/\d+/);
      expect(code).toBe(4);
    });

    test('gives SFTP, and its channel back', async () => {
      for (let times = 0; times < 12; times += 1) {
        const sftp = await session.sftp(NEVER);
        const path = await new Promise<string>((resolve, reject) => {
          sftp.realpath(peer.directory, (error, real) => (error ? reject(error) : resolve(real)));
        });
        expect(path).toBe(peer.directory);
        sftp.end();
      }
    });

    test('answers more at once than a connection has channels', async () => {
      const numbers = Array.from({ length: 24 }, (_, index) => index);
      const answers = await Promise.all(numbers.map((index) => textOf(session, `sleep 0.2; echo ${index}`)));
      expect(answers).toEqual(numbers.map((index) => `${index}\n`));
    });

    test('that is cut in the middle of an answer is connection, and goes on with the next', async () => {
      const through = await pool.session(routeTo(peer, { target: { name: 'through', port: proxy.port } }), NEVER);
      const asked = answerOf(through, 'sleep 20');
      setTimeout(() => proxy.reset(), 300);
      await expect(asked).rejects.toMatchObject({ type: 'connection', details: { target: 'through', stage: 'answer' } });
      expect(await textOf(through, 'echo again')).toBe('again\n');
    });

    test.each(['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ssh-rsa'])('knows the host by its %s key alone', async (type) => {
      const hostKeys = peer.hostKeys.filter((key) => key.type === type);
      expect(hostKeys).toHaveLength(1);
      const pinned = await pool.session(routeTo(peer, { target: { hostKeys } }), NEVER);
      expect(pinned.peer.hostKey).toMatchObject(hostKeys[0] ?? {});
    });

    test('is had by a password too, and not by a wrong one', async (context) => {
      if (peer.password === null) return context.skip('this server runs as a plain user, who cannot check passwords');
      const login = (password: string, version: string) =>
        pool.session(routeTo(peer, { credential: byPassword(password, version) }), NEVER);
      expect(await textOf(await login(peer.password, 'p@1'), 'echo in')).toBe('in\n');
      await expect(login('wrong', 'q@1')).rejects.toMatchObject({ type: 'auth', details: { stage: 'login' } });
    });
  });
});
