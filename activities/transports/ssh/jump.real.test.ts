import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { byPassword, NEVER, routeTo, testPool, textOf } from '#activities/testing/ssh-routes.ts';
import { type Sshd, sshdMissing, startSshd } from '#test/peers/sshd.ts';
import { connectSsh } from './connection.ts';
import type { SshPool } from './pool.ts';
import type { SessionFacts, SessionSink } from './session-record.ts';
import type { SshRoute } from './target.ts';

describe.skipIf(sshdMissing !== null)(`jump hosts${sshdMissing === null ? '' : ` (${sshdMissing})`}`, () => {
  let edge: Sshd;
  let middle: Sshd;
  let core: Sshd;
  beforeAll(async () => {
    [edge, middle, core] = await Promise.all([startSshd(), startSshd(), startSshd({ config: ['LogLevel DEBUG1'] })]);
  });
  afterAll(() => Promise.all([edge?.stop(), middle?.stop(), core?.stop()]));

  const ending: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ending.splice(0).reverse()) await end();
  });
  const pool = (sink?: SessionSink, limits: Parameters<typeof testPool>[0] = {}): SshPool => {
    const made = testPool(limits, sink);
    ending.push(() => made.close());
    return made;
  };
  const named = (peer: Sshd, name: string, options: Parameters<typeof routeTo>[1] = {}): SshRoute =>
    routeTo(peer, { ...options, target: { name, ...options.target } });
  const chain = (): SshRoute => named(core, 'core', { jump: named(middle, 'middle', { jump: named(edge, 'edge') }) });
  const logins = (peer: Sshd): number => peer.log().match(/Accepted publickey/g)?.length ?? 0;

  test('lead to a target by a chain, each logged in on once however many go through', async () => {
    const before = [edge, middle, core].map(logins);
    const opened: SessionFacts[] = [];
    const sink: SessionSink = {
      opened: (facts) => {
        opened.push(facts);
        return { used: () => undefined, count: () => undefined, closed: () => undefined };
      },
    };
    const shared = pool(sink, { max_sessions_per_connection: 2 });
    const session = await shared.session(chain(), NEVER);
    const answers = await Promise.all(Array.from({ length: 6 }, (_, index) => textOf(session, `sleep 0.2; echo ${index}`)));
    expect(answers.join('')).toBe('0\n1\n2\n3\n4\n5\n');
    expect([edge, middle].map(logins)).toEqual(before.slice(0, 2).map((count) => count + 1));
    expect(logins(core)).toBeGreaterThan((before[2] ?? 0) + 1);
    const hop = (name: string, peer: Sshd) => ({
      target: name,
      host: '127.0.0.1',
      port: peer.port,
      host_key_fingerprint: peer.hostKeys[0]?.fingerprint,
    });
    expect(opened.map(({ target, hops }) => [target.name, hops]).slice(0, 3)).toEqual([
      ['edge', []],
      ['middle', [hop('edge', edge)]],
      ['core', [hop('edge', edge), hop('middle', middle)]],
    ]);
  });

  test('whose connection ends take those behind them along, and the next use makes the chain anew', async () => {
    const closed: string[] = [];
    const sink: SessionSink = {
      opened: ({ target }) => ({
        used: () => undefined,
        count: () => undefined,
        closed: (reason) => closed.push(`${target.name} ${reason}`),
      }),
    };
    const shared = pool(sink);
    const session = await shared.session(chain(), NEVER);
    await textOf(session, 'true');
    edge.dropConnections();
    await expect.poll(() => closed.length, { timeout: 10_000 }).toBe(3);
    expect(closed.sort()).toEqual([
      expect.stringMatching(/^core lost: /),
      expect.stringMatching(/^edge lost: /),
      expect.stringMatching(/^middle lost: /),
    ]);
    expect(await textOf(session, 'echo again')).toBe('again\n');
  });

  test('are verified like any host: a changed key in the middle is policy, naming target and hop', async () => {
    const wrong = named(middle, 'middle', { target: { hostKeys: core.hostKeys }, jump: named(edge, 'edge') });
    await expect(pool().session(named(core, 'core', { jump: wrong }), NEVER)).rejects.toMatchObject({
      type: 'policy',
      message: expect.stringContaining('is reached through middle'),
      details: { target: 'core', hop: 'middle', stage: 'host_key', shown: expect.any(String) },
    });
  });

  test('that refuse the login are auth, naming target and hop', async () => {
    const refused = named(edge, 'edge', { credential: byPassword('wrong') });
    await expect(pool().session(named(core, 'core', { jump: refused }), NEVER)).rejects.toMatchObject({
      type: 'auth',
      details: { target: 'core', hop: 'edge', stage: 'login' },
    });
  });

  test('that cannot reach the target are connection, that may not are policy', async () => {
    const nowhere = named(core, 'core', { target: { port: 1 }, jump: named(edge, 'edge') });
    await expect(pool().session(nowhere, NEVER)).rejects.toMatchObject({
      type: 'connection',
      message: expect.stringContaining('cannot be reached through edge'),
      details: { target: 'core', hop: 'edge', stage: 'connect' },
    });
    const closed = await startSshd({ config: ['AllowTcpForwarding no'] });
    ending.push(() => closed.stop());
    await expect(pool().session(named(core, 'core', { jump: named(closed, 'closed') }), NEVER)).rejects.toMatchObject({
      type: 'policy',
      message: expect.stringContaining('closed forbids'),
      details: { target: 'core', hop: 'closed', stage: 'connect' },
    });
  });

  test('carry so much that keys are exchanged anew on the way', async () => {
    const route = named(core, 'core', { jump: named(edge, 'edge') });
    const connection = await pool().handshake(route, (stream, limitMs) =>
      connectSsh(stream, route, { limitMs, newKeysEachBytes: 500_000 }),
    );
    const channel = await connection.run('cat >/dev/null; echo done');
    channel.end(Buffer.alloc(4_000_000));
    const said = await channel.toArray();
    expect(Buffer.concat(said).toString()).toBe('done\n');
    expect(core.log().match(/SSH2_MSG_KEXINIT received/g)?.length).toBeGreaterThan(4);
    connection.end('done');
  });

  test('that are idle end after those behind them', async () => {
    const closed: string[] = [];
    const sink: SessionSink = {
      opened: ({ target }) => ({
        used: () => undefined,
        count: () => undefined,
        closed: (reason) => closed.push(`${target.name} ${reason}`),
      }),
    };
    const shared = pool(sink, { idle_seconds: 1 });
    await textOf(await shared.session(named(core, 'core', { jump: named(edge, 'edge') }), NEVER), 'true');
    await expect.poll(() => closed, { timeout: 10_000 }).toEqual(['core idle', 'edge idle']);
  });
});
