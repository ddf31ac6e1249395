import { afterEach, describe, expect, test } from 'vitest';
import { byPassword, NEVER, routeTo, testPool, textOf } from '#activities/testing/ssh-routes.ts';
import { type Sshd, sshdMissing, startSshd } from '#test/peers/sshd.ts';
import { drain } from '../drain.ts';
import type { SshPool } from './pool.ts';
import type { SessionSink } from './session-record.ts';

describe.skipIf(sshdMissing !== null)(`shared connections${sshdMissing === null ? '' : ` (${sshdMissing})`}`, () => {
  const ending: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ending.splice(0).reverse()) await end();
  });
  const peer = async (...config: string[]): Promise<Sshd> => {
    const sshd = await startSshd({ config });
    ending.push(() => sshd.stop());
    return sshd;
  };
  const pool = (limits: Parameters<typeof testPool>[0] = {}, sink?: SessionSink): SshPool => {
    const made = testPool(limits, sink);
    ending.push(() => made.close());
    return made;
  };
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
  const logins = (sshd: Sshd): number => sshd.log().match(/Accepted publickey/g)?.length ?? 0;

  test('40 commands at once share few', async () => {
    const sshd = await peer();
    const session = await pool().session(routeTo(sshd), NEVER);
    const answers = await Promise.all(numbers(40).map((index) => textOf(session, `sleep 0.2; echo ${index}`)));
    expect(answers).toEqual(numbers(40).map((index) => `${index}\n`));
    expect(logins(sshd)).toBeLessThanOrEqual(6);
  });

  test('a host that allows two sessions a connection and two logins at a time still answers all', async () => {
    const sshd = await peer('MaxSessions 2', 'MaxStartups 2:100:2');
    const session = await pool().session(routeTo(sshd), NEVER);
    const answers = await Promise.all(numbers(12).map((index) => textOf(session, `sleep 0.3; echo ${index}`)));
    expect(answers.join('')).toBe(
      numbers(12)
        .map((index) => `${index}\n`)
        .join(''),
    );
  });

  test('connects that the host drops over MaxStartups are made again', async () => {
    const sshd = await peer('MaxStartups 2:100:4');
    const sessions = await Promise.all(
      numbers(12).map((index) => pool().session(routeTo(sshd, { target: { name: `host-${index}` } }), NEVER)),
    );
    const answers = await Promise.all(sessions.map((session) => textOf(session, 'echo in')));
    expect(new Set(answers)).toEqual(new Set(['in\n']));
    expect(sshd.log()).toMatch(/drop connection|MaxStartups/);
  });

  test('when no more may be made, a command takes the session that another gives back', async () => {
    const shared = pool({ max_connections: 1, max_sessions_per_connection: 1 });
    const session = await shared.session(routeTo(await peer()), NEVER);
    const answers = await Promise.all(['a', 'b', 'c'].map((name) => textOf(session, `sleep 0.2; echo ${name}`)));
    expect(answers.join('')).toBe('a\nb\nc\n');
  });

  test('an idle one makes room for another host when no more may be made', async () => {
    const shared = pool({ max_connections: 1 });
    const [one, two] = await Promise.all([peer(), peer()]);
    expect(await textOf(await shared.session(routeTo(one), NEVER), 'echo one')).toBe('one\n');
    expect(await textOf(await shared.session(routeTo(two), NEVER), 'echo two')).toBe('two\n');
  });

  test('a cancel gets a channel although every session of the host is taken', async () => {
    const session = await pool().session(routeTo(await peer('MaxSessions 1')), NEVER);
    const busy = await session.run('sleep 20', NEVER);
    const killed = await session.ask('echo killed', { purpose: 'kill', signal: NEVER, limitMs: 10_000, maxBytes: 100 });
    expect(killed.stdout.toString()).toBe('killed\n');
    busy.resume().close();
  });

  test('a cancel ends the wait for a busy one', async () => {
    const session = await pool({ max_connections: 1, max_sessions_per_connection: 1 }).session(routeTo(await peer()), NEVER);
    const busy = await session.run('sleep 20', NEVER);
    await expect(session.shell('command', AbortSignal.timeout(300))).rejects.toThrow(/timeout/);
    busy.resume().close();
  });

  test('a reader that falls behind holds the remote command back, and gets all in the end', async () => {
    const session = await pool().session(routeTo(await peer()), NEVER);
    const channel = await session.run('head -c 50000000 /dev/zero', NEVER);
    channel.stderr.resume();
    let taken = 0;
    const gate = Promise.withResolvers<void>();
    const drained = drain(channel, (bytes) => {
      taken += bytes.length;
      return gate.promise;
    });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const before = taken;
    gate.resolve();
    await drained;
    expect(before).toBeLessThan(4_000_000);
    expect(taken).toBe(50_000_000);
  });

  test('one that was cut is replaced by the next use', async () => {
    const sshd = await peer();
    const session = await pool().session(routeTo(sshd), NEVER);
    await textOf(session, 'true');
    sshd.dropConnections();
    expect(await textOf(session, 'echo again')).toBe('again\n');
  });

  test('an unused one is given up, and the next use makes a new one', async () => {
    const sshd = await peer();
    const session = await pool({ idle_seconds: 0 }).session(routeTo(sshd), NEVER);
    await textOf(session, 'true');
    await expect.poll(() => sshd.log(), { timeout: 10_000 }).toMatch(/Received disconnect|Connection closed/);
    expect(await textOf(session, 'echo again')).toBe('again\n');
    expect(logins(sshd)).toBeGreaterThan(1);
  });

  test.skipIf(process.getuid?.() !== 0)('one of a credential that was replaced ends once it is idle', async () => {
    const sshd = await peer();
    const closed: string[] = [];
    const sink: SessionSink = {
      opened: () => ({ used: () => undefined, count: () => undefined, closed: (reason) => closed.push(reason) }),
    };
    const shared = pool({}, sink);
    const login = (version: string) => routeTo(sshd, { credential: byPassword(sshd.password, version) });
    const old = await shared.session(login('c@1'), NEVER);
    const busy = await old.run('sleep 1', NEVER);
    await textOf(await shared.session(login('c@2'), NEVER), 'true');
    await textOf(await shared.session(login('other@1'), NEVER), 'true');
    expect(closed).toEqual([]);
    busy.resume();
    await expect.poll(() => closed, { timeout: 10_000 }).toEqual(['replaced credential']);
  });
});
