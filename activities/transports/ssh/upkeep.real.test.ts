import { once } from 'node:events';
import { describe, expect, type TestContext, test } from 'vitest';
import { NEVER, routeTo, testPool } from '#activities/testing/ssh-routes.ts';
import { startFaultProxy } from '#test/peers/fault-proxy.ts';
import { type Sshd, sshdMissing, startSshd } from '#test/peers/sshd.ts';
import { connectSsh } from './connection.ts';
import type { SshPool } from './pool.ts';

const ABOUT = `a connection under way${sshdMissing === null ? '' : ` (${sshdMissing})`}`;

describe.skipIf(sshdMissing !== null)(ABOUT, { concurrent: true }, () => {
  const ends = <T extends { stop(): unknown }>({ onTestFinished }: TestContext, peer: T): T => {
    onTestFinished(async () => void (await peer.stop()));
    return peer;
  };
  const peer = async (context: TestContext, ...config: string[]): Promise<Sshd> => ends(context, await startSshd({ config }));
  const pool = ({ onTestFinished }: TestContext): SshPool => {
    const made = testPool();
    onTestFinished(() => made.close());
    return made;
  };

  test('a line that goes dead is noticed by itself, and ends what is open on it', async (context) => {
    const sshd = await peer(context);
    const proxy = ends(context, await startFaultProxy(sshd.port));
    const session = await pool(context).session(routeTo(sshd, { target: { port: proxy.port } }), NEVER);
    const channel = await session.run('sleep 60', NEVER);
    channel.resume();
    channel.stderr.resume();
    proxy.stall();
    const [code] = await once(channel, 'close');
    expect(code).toBeUndefined();
  }, 50_000);

  test('a line so slow that an answer waits for longer than a dead one would be given is not taken for one', async (context) => {
    const sshd = await peer(context);
    const proxy = ends(context, await startFaultProxy(sshd.port));
    const session = await pool(context).session(routeTo(sshd, { target: { port: proxy.port } }), NEVER);
    const channel = await session.run('cat >/dev/null; echo all', NEVER);
    channel.stderr.resume();
    proxy.throttle(64 * 1024);
    channel.end(Buffer.alloc(1_700_000));
    expect(Buffer.concat(await channel.toArray()).toString()).toBe('all\n');
  }, 60_000);

  test('keys are exchanged anew while data flows in either direction, and the host key is held to', async (context) => {
    const sshd = await peer(context, 'LogLevel DEBUG1');
    const route = routeTo(sshd);
    const connection = await pool(context).handshake(route, (stream, limitMs) =>
      connectSsh(stream, route, { limitMs, newKeysEachBytes: 1_000_000 }),
    );
    context.onTestFinished(() => connection.end('done'));
    const channel = await connection.run('cat');
    let back = 0;
    channel.on('data', (bytes: Buffer) => {
      back += bytes.length;
    });
    const block = Buffer.alloc(65_536, 7);
    for (let sent = 0; sent < 80; sent += 1) if (!channel.write(block)) await once(channel, 'drain');
    channel.end();
    await once(channel, 'close');
    expect(back).toBe(80 * 65_536);
    expect(sshd.log().match(/SSH2_MSG_KEXINIT received/g)?.length).toBeGreaterThan(3);
  });
});
