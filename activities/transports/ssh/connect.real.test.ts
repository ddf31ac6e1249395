import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { afterEach, describe, expect, test } from 'vitest';
import { byPassword, NEVER, routeTo, testPool, textOf } from '#activities/testing/ssh-routes.ts';
import { startFaultProxy } from '#test/peers/fault-proxy.ts';
import { ssh2KeyPair } from '#test/peers/host-keys.ts';
import { httpListener, resettingListener, silentListener } from '#test/peers/listeners.ts';
import { type Sshd, sshdMissing, startSshd } from '#test/peers/sshd.ts';
import type { HostKey } from './host-key.ts';
import type { SshPool } from './pool.ts';

const asRoot = process.getuid?.() === 0;

describe.skipIf(sshdMissing !== null)(`connecting${sshdMissing === null ? '' : ` (${sshdMissing})`}`, () => {
  const ending: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ending.splice(0).reverse()) await end();
  });
  const ends = <T extends { stop(): unknown }>(peer: T): T => {
    ending.push(() => peer.stop());
    return peer;
  };
  const peer = async (...config: string[]): Promise<Sshd> => ends(await startSshd({ config }));
  const pool = (limits: Parameters<typeof testPool>[0] = {}): SshPool => {
    const made = testPool(limits);
    ending.push(() => made.close());
    return made;
  };

  describe('a host key', () => {
    test('that changed is refused with both fingerprints before anything secret is sent', async () => {
      const sshd = await peer();
      const before = routeTo(sshd);
      await sshd.changeHostKeys();
      await expect(pool().session(before, NEVER)).rejects.toMatchObject({
        type: 'policy',
        message: expect.stringMatching(new RegExp(`${escaped(sshd.hostKeys[0])}.*${escaped(before.target.hostKeys[0])}`)),
        details: {
          target: 'host',
          stage: 'host_key',
          shown: sshd.hostKeys[0]?.fingerprint,
          pinned: before.target.hostKeys.map((key) => key.fingerprint),
        },
      });
      expect(sshd.log()).not.toMatch(/Accepted|Failed (publickey|password|none)|Postponed/);
    });

    test('that changed is seen before the server hears of user or password', async () => {
      const requests: string[] = [];
      const keys = ssh2KeyPair();
      const server = new ssh2.Server({ hostKeys: [keys.private] }, (client) => {
        client.on('error', () => undefined);
        client.on('authentication', (login) => {
          requests.push(`${login.method} ${login.username}`);
          login.accept();
        });
      }).listen(0, '127.0.0.1');
      ending.push(() => server.close());
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const other: HostKey = { type: 'ssh-ed25519', fingerprint: 'SHA256:other', key: 'b3RoZXI=' };
      const route = routeTo(
        { host: '127.0.0.1', port, user: 'u', privateKey: '', hostKeys: [other] },
        { credential: byPassword('sesame') },
      );
      await expect(pool().session(route, NEVER)).rejects.toMatchObject({
        type: 'policy',
        message: expect.stringContaining('SHA256:other'),
      });
      expect(requests).toEqual([]);
      const open = { hostKeyPolicy: 'accept_new', hostKeys: [] } as const;
      await pool().session({ ...route, target: { ...route.target, ...open }, pinHostKey: async (key) => [key] }, NEVER);
      expect(requests).not.toEqual([]);
    });

    test('that is revoked is refused, though the target would accept a new one', async () => {
      const sshd = await peer();
      const hostKeys = sshd.hostKeys.map((key) => ({ ...key, revoked: true }));
      const route = routeTo(sshd, { target: { hostKeyPolicy: 'accept_new', hostKeys } });
      await expect(pool().session(route, NEVER)).rejects.toMatchObject({ type: 'policy', message: expect.stringContaining('revoked') });
    });

    test('of a strict target without a pin is refused', async () => {
      const refused = pool().session(routeTo(await peer(), { target: { hostKeys: [] } }), NEVER);
      await expect(refused).rejects.toMatchObject({ type: 'policy', message: expect.stringContaining('none is pinned') });
    });

    test('is pinned at first contact by accept_new, and compared from then on', async () => {
      const sshd = await peer();
      const pins: HostKey[] = [];
      const pinHostKey = async (key: HostKey) => {
        if (pins.length === 0) pins.push(key);
        return pins;
      };
      const open = () => pool().session(routeTo(sshd, { target: { hostKeyPolicy: 'accept_new', hostKeys: [...pins] }, pinHostKey }), NEVER);
      expect(await textOf(await open(), 'echo in')).toBe('in\n');
      expect(sshd.hostKeys).toContainEqual(pins[0]);
      await open();
      await sshd.changeHostKeys();
      await expect(open()).rejects.toMatchObject({ type: 'policy' });
      expect(pins).toHaveLength(1);
    });

    test('of two racing first contacts the one that sees another key pinned is refused', async () => {
      const other = { type: 'ssh-ed25519', fingerprint: 'SHA256:other', key: 'b3RoZXI=' };
      const route = routeTo(await peer(), { target: { hostKeyPolicy: 'accept_new', hostKeys: [] }, pinHostKey: async () => [other] });
      await expect(pool().session(route, NEVER)).rejects.toMatchObject({
        type: 'policy',
        message: expect.stringContaining('SHA256:other'),
      });
    });
  });

  describe('a login', () => {
    test('that is refused is auth, naming target, user and what the host takes', async () => {
      const [sshd, stranger] = await Promise.all([peer('PasswordAuthentication no'), peer()]);
      const refused = pool().session(routeTo({ ...sshd, hostKeys: sshd.hostKeys, privateKey: stranger.privateKey }), NEVER);
      await expect(refused).rejects.toMatchObject({
        type: 'auth',
        message: expect.stringMatching(new RegExp(`host \\(${sshd.user}@127.0.0.1:${sshd.port}\\).*takes publickey`)),
        details: { target: 'host', stage: 'login' },
      });
    });

    test('by a key that cannot be read is auth before the host is told anything but its name', async () => {
      const sshd = await peer();
      const credential = { kind: 'ssh_key', version: 'k@1', privateKey: 'no key', passphrase: null } as const;
      await expect(pool().session(routeTo(sshd, { credential }), NEVER)).rejects.toMatchObject({
        type: 'auth',
        details: { stage: 'login' },
      });
    });

    test('by a key under a passphrase works, and without the passphrase is auth', async () => {
      const sshd = await peer();
      const file = join(sshd.directory, '..', 'locked');
      writeFileSync(file, sshd.privateKey, { mode: 0o600 });
      execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'sesame', '-f', file]);
      const login = (passphrase: string | null, version: string) =>
        routeTo(sshd, { credential: { kind: 'ssh_key', version, privateKey: readFileSync(file, 'utf8'), passphrase } });
      expect(await textOf(await pool().session(login('sesame', 'k@1'), NEVER), 'echo in')).toBe('in\n');
      await expect(pool().session(login('wrong', 'k@2'), NEVER)).rejects.toMatchObject({ type: 'auth' });
    });

    test.skipIf(!asRoot)('by a password works, and a wrong one is tried once and is auth', async () => {
      const sshd = await peer();
      const shared = pool();
      expect(await textOf(await shared.session(routeTo(sshd, { credential: byPassword(sshd.password) }), NEVER), 'echo in')).toBe('in\n');
      const wrong = routeTo(sshd, { credential: byPassword('wrong', 'password@2') });
      await expect(shared.session(wrong, NEVER)).rejects.toMatchObject({ type: 'auth' });
      expect(sshd.log().match(/Failed password/g)).toHaveLength(1);
    });
  });

  test('a host that asks for the password in a dialogue is answered once, and nothing else is answered', async () => {
    const answers: (readonly string[])[] = [];
    const keys = ssh2KeyPair();
    const server = new ssh2.Server({ hostKeys: [keys.private] }, (client) => {
      client.on('error', () => undefined);
      client.on('authentication', (login) => {
        if (login.method !== 'keyboard-interactive') return login.reject(['keyboard-interactive']);
        const ask = (prompt: string, echo: boolean, then: (given: readonly string[]) => void) =>
          login.prompt([{ prompt, echo }], (given) => {
            answers.push(given);
            then(given);
          });
        ask('Password: ', false, ([given]) => (given === 'sesame' ? login.accept() : ask('Password: ', false, () => login.reject())));
      });
    }).listen(0, '127.0.0.1');
    ending.push(() => server.close());
    await once(server, 'listening');
    const host = { host: '127.0.0.1', port: (server.address() as AddressInfo).port, user: 'u', privateKey: '', hostKeys: [] } as const;
    const login = (password: string, version: string) => {
      const target = { hostKeyPolicy: 'accept_new' } as const;
      return pool().session(routeTo(host, { target, credential: byPassword(password, version), pinHostKey: async (key) => [key] }), NEVER);
    };
    expect((await login('sesame', 'p@1')).peer.user).toBe('u');
    await expect(login('wrong', 'p@2')).rejects.toMatchObject({ type: 'auth' });
    expect(answers).toEqual([['sesame'], ['wrong'], []]);
  });

  describe('a host', () => {
    const at = (sshd: Sshd, port: number) => routeTo(sshd, { target: { port } });

    test('that nothing listens on is connection, at connect', async () => {
      const refused = pool().session(at(await peer(), 1), NEVER);
      await expect(refused).rejects.toMatchObject({
        type: 'connection',
        message: expect.stringContaining('ECONNREFUSED'),
        details: { stage: 'connect' },
      });
    });

    test('whose name nobody knows is connection, at connect', async () => {
      const refused = pool().session(routeTo(await peer(), { target: { host: 'no-such-host.invalid' } }), NEVER);
      await expect(refused).rejects.toMatchObject({ type: 'connection', details: { stage: 'connect', host: 'no-such-host.invalid' } });
    });

    test('that takes connections and says nothing is connection, within the time of its target', async () => {
      const silent = ends(await silentListener());
      const route = routeTo(await peer(), { target: { port: silent.port, connectTimeoutMs: 500 } });
      await expect(pool().session(route, NEVER)).rejects.toMatchObject({
        type: 'connection',
        message: expect.stringContaining('says nothing'),
        details: { stage: 'connect' },
      });
    });

    test('that speaks something else is connection, and shows what it said', async () => {
      const http = ends(await httpListener());
      await expect(pool().session(at(await peer(), http.port), NEVER)).rejects.toMatchObject({
        type: 'connection',
        message: expect.stringContaining('no SSH server: it says "HTTP/1.1 400 Bad Request'),
        details: { stage: 'connect' },
      });
    });

    test('that resets every connection is asked again, and is connection in the end', async () => {
      const resetting = ends(await resettingListener());
      await expect(pool().session(at(await peer(), resetting.port), NEVER)).rejects.toMatchObject({
        type: 'connection',
        details: { stage: 'connect' },
      });
      expect(resetting.connections).toBe(6);
    });

    test('that stops answering in the middle of the handshake is connection, at the stage it had come to', async () => {
      const sshd = await peer();
      const proxy = ends(await startFaultProxy(sshd.port));
      proxy.cutAfter(30);
      await expect(pool().session(at(sshd, proxy.port), NEVER)).rejects.toMatchObject({
        type: 'connection',
        details: { stage: 'host_key' },
      });
    });
  });

  describe('algorithms', () => {
    const OLD = ['KexAlgorithms diffie-hellman-group14-sha1', 'HostKeyAlgorithms ssh-rsa', 'Ciphers aes128-cbc', 'MACs hmac-sha1-96'];

    test.each([
      ['key exchange', 'KexAlgorithms diffie-hellman-group14-sha1', 'diffie-hellman-group14-sha1', 'curve25519-sha256'],
      ['host key algorithm', 'HostKeyAlgorithms ssh-rsa', 'ssh-rsa', 'ssh-ed25519'],
      ['cipher', 'Ciphers aes128-cbc', 'aes128-cbc', 'aes128-gcm@openssh.com'],
    ])('without a common %s, the failure is policy and shows both lists', async (missing, config, theirs, ours) => {
      const sshd = await peer(config);
      await expect(pool().session(routeTo(sshd), NEVER)).rejects.toMatchObject({
        type: 'policy',
        message: expect.stringContaining(`share no ${missing}`),
        details: { stage: 'host_key', missing, offered: expect.arrayContaining([ours]), host_takes: expect.arrayContaining([theirs]) },
      });
    });

    test('of old hosts are used when the target says so', async () => {
      const sshd = await peer(...OLD);
      const session = await pool().session(routeTo(sshd, { target: { legacyAlgorithms: true } }), NEVER);
      expect(session.peer.hostKey.type).toBe('ssh-rsa');
      expect(await textOf(session, 'echo in')).toBe('in\n');
    });
  });
});

const escaped = (key: HostKey | undefined): string => (key?.fingerprint ?? '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
