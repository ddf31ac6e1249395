import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type Sshd, sshdMissing, startSshd } from '#test/peers/sshd.ts';
import type { HostKey } from './host-key.ts';
import { SshPool } from './pool.ts';
import type { SshSession } from './session.ts';
import type { PinHostKey, SshCredential, SshTarget } from './target.ts';

const LIMITS = {
  max_connections: 50,
  max_connects_per_host: 8,
  max_sessions_per_connection: 8,
  connect_timeout_seconds: 10,
  idle_seconds: 60,
};
const NEVER = new AbortController().signal;

describe.skipIf(sshdMissing !== null)(`ssh transport${sshdMissing === null ? '' : ` (${sshdMissing})`}`, () => {
  const ending: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ending.splice(0).reverse()) await end();
  });

  const peer = async (...config: string[]): Promise<Sshd> => {
    const sshd = await startSshd({ config });
    ending.push(() => sshd.stop());
    return sshd;
  };
  const pool = (limits: Partial<typeof LIMITS> = {}): SshPool => {
    const made = new SshPool({ ...LIMITS, ...limits });
    ending.push(() => made.close());
    return made;
  };
  const targetOf = (sshd: Sshd, also: Partial<SshTarget> = {}): SshTarget => ({
    project: 'default',
    name: 'host',
    host: sshd.host,
    port: sshd.port,
    user: sshd.user,
    hostKeyPolicy: 'strict',
    hostKeys: sshd.hostKeys,
    legacyAlgorithms: false,
    connectTimeoutMs: null,
    ...also,
  });
  const keyOf = (sshd: Sshd): SshCredential => ({ kind: 'ssh_key', version: '1', privateKey: sshd.privateKey, passphrase: null });
  const noPin = () => Promise.reject(new Error('nothing is to be pinned'));
  const login = (from: SshPool, target: SshTarget, credential: SshCredential, pinHostKey: PinHostKey = noPin) =>
    from.session({ target, credential, pinHostKey, jump: null }, NEVER);
  const BOUNDS = { limitMs: 60_000, maxBytes: 1_000_000 };
  const output = async (session: SshSession, command: string): Promise<string> =>
    (await session.ask(`${command}\n`, { signal: NEVER, ...BOUNDS })).stdout.toString();

  test('a changed host key is refused with both fingerprints before anything secret is sent', async () => {
    const sshd = await peer();
    const before = targetOf(sshd);
    await sshd.changeHostKeys();
    const refused = login(pool(), before, keyOf(sshd));
    const shown = sshd.hostKeys[0]?.fingerprint ?? '';
    const pinned = before.hostKeys[0]?.fingerprint ?? '';
    await expect(refused).rejects.toMatchObject({ type: 'policy', message: expect.stringContaining(shown) });
    await expect(refused).rejects.toThrow(pinned);
    expect(sshd.log()).not.toMatch(/Accepted|Failed (publickey|password|none)|Postponed/);
  });

  test('a strict target without a pinned key is refused', async () => {
    const sshd = await peer();
    const refused = login(pool(), targetOf(sshd, { hostKeys: [] }), keyOf(sshd));
    await expect(refused).rejects.toMatchObject({ type: 'policy', message: expect.stringContaining('none is pinned') });
  });

  test('accept_new pins the first key and compares from then on', async () => {
    const sshd = await peer();
    const pins: HostKey[] = [];
    const pin = async (key: HostKey) => {
      if (pins.length === 0) pins.push(key);
      return pins;
    };
    const open = () => login(pool(), targetOf(sshd, { hostKeyPolicy: 'accept_new', hostKeys: [...pins] }), keyOf(sshd), pin);
    await output(await open(), 'true');
    expect(pins).toHaveLength(1);
    expect(sshd.hostKeys).toContainEqual(pins[0]);
    await open();
    await sshd.changeHostKeys();
    await expect(open()).rejects.toMatchObject({ type: 'policy' });
    expect(pins).toHaveLength(1);
  });

  test('of two racing first contacts the one that sees another key pinned is refused', async () => {
    const sshd = await peer();
    const other = { type: 'ssh-ed25519', fingerprint: 'SHA256:other', key: 'b3RoZXI=' };
    const refused = login(pool(), targetOf(sshd, { hostKeyPolicy: 'accept_new', hostKeys: [] }), keyOf(sshd), async () => [other]);
    await expect(refused).rejects.toMatchObject({ type: 'policy', message: expect.stringContaining('SHA256:other') });
  });

  test.each(['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ssh-rsa'])(
    'a host pinned by its %s key alone is recognised, though it would offer another first',
    async (type) => {
      const sshd = await peer();
      const hostKeys = sshd.hostKeys.filter((key) => key.type === type);
      const session = await login(pool(), targetOf(sshd, { hostKeys }), keyOf(sshd));
      expect(session.peer.hostKey.type).toBe(type);
    },
  );

  test('a refused login is auth, naming target and user', async () => {
    const [sshd, stranger] = await Promise.all([peer(), peer()]);
    const refused = login(pool(), targetOf(sshd), keyOf(stranger));
    await expect(refused).rejects.toMatchObject({ type: 'auth', message: expect.stringContaining(`${sshd.user}@127.0.0.1`) });
  });

  test.skipIf(process.getuid?.() !== 0)('a password logs in, and a wrong one is auth', async () => {
    const sshd = await peer();
    const by = (password: string): SshCredential => ({ kind: 'ssh_password', version: password, password });
    const shared = pool();
    expect(await output(await login(shared, targetOf(sshd), by(sshd.password ?? '')), 'echo in')).toBe('in\n');
    await expect(login(shared, targetOf(sshd), by('wrong'))).rejects.toMatchObject({ type: 'auth' });
  });

  test('an unreachable host is connection, a silent one too, within its time', async () => {
    const sshd = await peer();
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    ending.push(() => silent.close());
    await once(silent, 'listening');
    const closed = targetOf(sshd, { port: 1 });
    const mute = targetOf(sshd, { port: (silent.address() as AddressInfo).port });
    const open = (target: SshTarget) => login(pool({ connect_timeout_seconds: 1 }), target, keyOf(sshd));
    await expect(open(closed)).rejects.toMatchObject({ type: 'connection', details: { stage: 'connect' } });
    await expect(open(mute)).rejects.toMatchObject({ type: 'connection', details: { stage: 'connect' } });
  });

  test('when no more connections may be made, a command takes the session that another gives back', async () => {
    const sshd = await peer();
    const shared = pool({ max_connections: 1, max_sessions_per_connection: 1 });
    const session = await login(shared, targetOf(sshd), keyOf(sshd));
    const answers = await Promise.all(['a', 'b', 'c'].map((name) => output(session, `sleep 0.2; echo ${name}`)));
    expect(answers.join('')).toBe('a\nb\nc\n');
  });

  test('40 commands at once share few connections', async () => {
    const sshd = await peer();
    const session = await login(pool(), targetOf(sshd), keyOf(sshd));
    const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => output(session, `sleep 0.2; echo ${index}`)));
    expect(answers).toEqual(Array.from({ length: 40 }, (_, index) => `${index}\n`));
    expect(sshd.log().match(/Accepted publickey/g)?.length).toBeLessThanOrEqual(6);
  });

  test('a host that allows two sessions a connection gets more connections instead of failures', async () => {
    const sshd = await peer('MaxSessions 2');
    const session = await login(pool(), targetOf(sshd), keyOf(sshd));
    const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => output(session, `sleep 0.3; echo ${index}`)));
    expect(answers.join('')).toBe(Array.from({ length: 12 }, (_, index) => `${index}\n`).join(''));
  });

  test('cancel gets through although every session of the host is taken', async () => {
    const sshd = await peer('MaxSessions 1');
    const session = await login(pool(), targetOf(sshd), keyOf(sshd));
    const leaving = new AbortController();
    const taken = session.ask('sleep 60\n', { signal: leaving.signal, ...BOUNDS });
    const killed = await session.ask('echo through\n', { signal: NEVER, purpose: 'kill', ...BOUNDS });
    expect(killed.stdout.toString()).toBe('through\n');
    leaving.abort(new Error('left'));
    await expect(taken).rejects.toThrow('left');
  });

  test('connects that the host drops over MaxStartups are made again', async () => {
    const sshd = await peer('MaxStartups 2:100:4');
    const shared = pool({ max_sessions_per_connection: 1 });
    const session = await login(shared, targetOf(sshd), keyOf(sshd));
    const answers = await Promise.all(Array.from({ length: 16 }, (_, index) => output(session, `sleep 0.5; echo ${index}`)));
    expect(answers).toHaveLength(16);
    expect(sshd.log()).toMatch(/drop connection|MaxStartups/);
  });

  test('a cancel ends the wait for a busy connection', async () => {
    const sshd = await peer();
    const shared = pool({ max_connections: 1, max_sessions_per_connection: 1 });
    const session = await login(shared, targetOf(sshd), keyOf(sshd));
    const busy = output(session, 'sleep 1.5');
    const waiting = session.ask('true\n', { signal: AbortSignal.timeout(300), ...BOUNDS });
    await expect(waiting).rejects.toThrow(/timeout/);
    await busy;
  });

  test('an unused connection is given up, and the next use makes a new one', async () => {
    const sshd = await peer();
    const shared = pool({ idle_seconds: 0 });
    const session = await login(shared, targetOf(sshd), keyOf(sshd));
    await output(session, 'true');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await output(session, 'echo again')).toBe('again\n');
    expect(sshd.log().match(/Accepted publickey/g)?.length).toBeGreaterThan(1);
  });

  test('output held by something the command left behind does not keep the step waiting', async () => {
    const sshd = await peer();
    const session = await login(pool(), targetOf(sshd), keyOf(sshd));
    const began = Date.now();
    expect(await output(session, 'setsid sleep 20 & echo left')).toBe('left\n');
    expect(Date.now() - began).toBeLessThan(15_000);
  });
});
