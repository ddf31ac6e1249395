import { describe, expect, type TestContext, test } from 'vitest';
import { NEVER, routeTo, testPool, textOf } from '#activities/testing/ssh-routes.ts';
import { type FaultProxy, startFaultProxy } from '#test/peers/fault-proxy.ts';
import { type Sshd, sshdMissing, startSshd } from '#test/peers/sshd.ts';
import type { SshPool } from './pool.ts';
import type { SshSession } from './session.ts';

const IMPATIENT = { stuckMs: 400, tellAfterMs: 50, quietMs: 15_000 };
/** A host is tried with more sessions soon after it refused some. */
const RETRYING = { stuckMs: 60_000, tellAfterMs: 5000, quietMs: 1000 };
const ABOUT = `waiting for a session${sshdMissing === null ? '' : ` (${sshdMissing})`}`;

describe.skipIf(sshdMissing !== null)(ABOUT, { concurrent: true }, () => {
  const peer = async ({ onTestFinished }: TestContext, ...config: string[]): Promise<Sshd> => {
    const sshd = await startSshd({ config });
    onTestFinished(() => sshd.stop());
    return sshd;
  };
  const pool = (
    { onTestFinished }: TestContext,
    limits: Parameters<typeof testPool>[0] = {},
    patience?: Parameters<typeof testPool>[2],
  ): SshPool => {
    const made = testPool(limits, undefined, patience);
    onTestFinished(() => made.close());
    return made;
  };
  const proxyTo = async ({ onTestFinished }: TestContext, sshd: Sshd): Promise<FaultProxy> => {
    const proxy = await startFaultProxy(sshd.port);
    onTestFinished(() => proxy.stop());
    return proxy;
  };
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
  const logins = (sshd: Sshd): number => sshd.log().match(/Accepted publickey/g)?.length ?? 0;
  const keepBusy = async ({ onTestFinished }: TestContext, session: SshSession): Promise<void> => {
    const busy = await session.run('sleep 30', NEVER);
    onTestFinished(() => void busy.resume().close());
  };

  test.for([1, 2, 10])(
    'many commands take turns on the one connection that may be made, on a host with MaxSessions %i',
    async (sessions, context) => {
      const sshd = await peer(context, `MaxSessions ${sessions}`);
      const session = await pool(context, { max_connections: 1 }).session(routeTo(sshd), NEVER);
      const answers = await Promise.all(numbers(100).map((index) => textOf(session, `echo ${index}`)));
      expect(answers.map(Number)).toEqual(numbers(100));
      for (const index of numbers(20)) expect(await textOf(session, `echo ${index}`)).toBe(`${index}\n`);
      expect(logins(sshd)).toBe(1);
    },
  );

  // Alone, since others would keep this process from the rhythm of its jolts.
  test('a line that delivers what is closed and what is opened at once makes a host none of few sessions', {
    concurrent: false,
  }, async (context) => {
    const sshd = await peer(context, 'MaxSessions 10');
    const proxy = await proxyTo(context, sshd);
    const shared = pool(context, { max_connections: 3 }, RETRYING);
    const session = await shared.session(routeTo(sshd, { target: { port: proxy.port } }), NEVER);
    const jolts = setInterval(() => {
      proxy.stall();
      setTimeout(() => proxy.resume(), 40);
    }, 60);
    const answers = await Promise.all(numbers(200).map((index) => textOf(session, `echo ${index}`)));
    clearInterval(jolts);
    expect(answers.map(Number)).toEqual(numbers(200));
    // All at the same time, as many as were allowed at the beginning.
    await Promise.all(numbers(24).map(() => keepBusy(context, session)));
    expect(proxy.connections).toBe(3);
  });

  test('is in order of arrival', async (context) => {
    const session = await pool(context, { max_connections: 1, max_sessions_per_connection: 1 }).session(
      routeTo(await peer(context)),
      NEVER,
    );
    const order: number[] = [];
    await Promise.all(numbers(12).map((index) => textOf(session, 'true').then(() => order.push(index))));
    expect(order).toEqual(numbers(12));
  });

  test('lasts as long as the command may, and is told once', async (context) => {
    const shared = pool(context, { max_connections: 1, max_sessions_per_connection: 1 }, IMPATIENT);
    const told: string[] = [];
    const sshd = await peer(context);
    await textOf(await shared.session(routeTo(sshd), NEVER), 'true');
    const session = await shared.session(routeTo(sshd), NEVER, null, (waits) => told.push(waits));
    const busy = textOf(session, 'sleep 2; echo one');
    const answers = await Promise.all([busy, textOf(session, 'echo two'), textOf(session, 'echo three')]);
    expect(answers.join('')).toBe('one\ntwo\nthree\n');
    expect(told).toEqual([`waits for a free SSH session on host (${sshd.user}@127.0.0.1:${sshd.port})`]);
  });

  test('for another host ends as connection once nothing moves at all, and says what was waited for', async (context) => {
    const shared = pool(context, { max_connections: 1 }, IMPATIENT);
    const [one, two] = await Promise.all([peer(context), peer(context)]);
    await keepBusy(context, await shared.session(routeTo(one), NEVER));
    await expect(shared.session(routeTo(two, { target: { name: 'two' } }), NEVER)).rejects.toMatchObject({
      type: 'connection',
      message: expect.stringMatching(/^two \(.*\): waited for an SSH connection; all 1 SSH connections of this worker are busy/),
      details: { target: 'two', stage: 'connect' },
    });
  });

  test('for a host comes to an end although another has more commands than there are connections', async (context) => {
    const shared = pool(context, { max_connections: 2, max_sessions_per_connection: 1 });
    const [one, two] = await Promise.all([peer(context), peer(context)]);
    const crowded = await shared.session(routeTo(one), NEVER);
    let done = 0;
    const crowd = numbers(40).map(() => textOf(crowded, 'sleep 0.2').then(() => (done += 1)));
    await crowd[1];
    expect(await textOf(await shared.session(routeTo(two), NEVER), 'echo in')).toBe('in\n');
    expect(done).toBeLessThan(40);
    await Promise.all(crowd);
  });

  test('does not keep a cancel from a host whose only connection and session are taken and waited for', async (context) => {
    const session = await pool(context, { max_connections: 1 }).session(routeTo(await peer(context, 'MaxSessions 1')), NEVER);
    await keepBusy(context, session);
    const stopped = new AbortController();
    const waiting = numbers(5).map(() => session.ask('true', { signal: stopped.signal, limitMs: 20_000, maxBytes: 100 }));
    const killed = await session.ask('echo killed', { purpose: 'kill', signal: NEVER, limitMs: 10_000, maxBytes: 100 });
    expect(killed.stdout.toString()).toBe('killed\n');
    stopped.abort(new Error('stopped'));
    await Promise.allSettled(waiting);
  });

  test('a login that is refused while others wait is refused to all of them, once', async (context) => {
    const [sshd, stranger] = await Promise.all([peer(context), peer(context)]);
    const proxy = await proxyTo(context, sshd);
    const route = routeTo({ ...stranger, port: proxy.port, hostKeys: sshd.hostKeys });
    const shared = pool(context);
    const refused = await Promise.allSettled(numbers(10).map(() => shared.session(route, NEVER)));
    expect(refused.map((one) => one.status === 'rejected' && one.reason.type)).toEqual(numbers(10).map(() => 'auth'));
    expect(proxy.connections).toBe(1);
  });
});
