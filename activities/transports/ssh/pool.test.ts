import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import ssh2, { type Connection } from 'ssh2';
import { afterEach, describe, expect, test } from 'vitest';
import { ssh2KeyPair } from '#test/peers/host-keys.ts';
import { SshPool } from './pool.ts';
import type { SshSession } from './session.ts';

const LIMITS = {
  max_connections: 5,
  max_connects_per_host: 2,
  max_sessions_per_connection: 8,
  connect_timeout_seconds: 5,
  idle_seconds: 60,
};
const { private: hostKey } = ssh2KeyPair();

const ending: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

/** A session on an SSH server that lets everyone in and answers every command in this way. */
async function sessionOn(onExec: (connection: Connection, refuse: () => void) => void): Promise<{ session: SshSession; logins(): number }> {
  let logins = 0;
  const server = new ssh2.Server({ hostKeys: [hostKey] }, (connection) => {
    connection.on('error', () => undefined);
    connection.on('authentication', (login) => login.accept());
    connection.on('ready', () => {
      logins += 1;
    });
    connection.on('session', (accept) => accept().on('exec', (_accept, refuse) => onExec(connection, () => refuse?.())));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const pool = new SshPool(LIMITS);
  ending.push(
    () => server.close(),
    () => pool.close(),
  );
  const port = (server.address() as AddressInfo).port;
  const target = { project: 'default', name: 'core', host: '127.0.0.1', port, user: 'u', hostKeys: [], legacyAlgorithms: false };
  const session = await pool.session(
    {
      target: { ...target, hostKeyPolicy: 'accept_new', connectTimeoutMs: null },
      credential: { kind: 'ssh_password', version: 'c@1', password: 'any' },
      pinHostKey: async (key) => [key],
      jump: null,
    },
    new AbortController().signal,
  );
  return { session, logins: () => logins };
}

const BOUNDS = { limitMs: 30_000, maxBytes: 1000 };

describe('a host that lets the user in and starts no command', () => {
  test.each([
    ['ends the connection', (connection: Connection) => connection.end()],
    ['refuses it', (_connection: Connection, refuse: () => void) => refuse()],
  ])('is connection after three logins when it %s', async (_how, onExec) => {
    const { session, logins } = await sessionOn(onExec);
    const ended = session.ask('true\n', { signal: AbortSignal.timeout(10_000), ...BOUNDS });
    await expect(ended).rejects.toMatchObject({
      type: 'connection',
      message: expect.stringContaining('core (u@127.0.0.1'),
      details: { stage: 'channel' },
      cause: expect.any(Error),
    });
    expect(logins()).toBe(3);
  });

  test('is left in peace between the logins, and a cancel ends that wait', async () => {
    const { session, logins } = await sessionOn((connection) => connection.end());
    const ended = session.ask('true\n', { signal: AbortSignal.timeout(60), ...BOUNDS });
    await expect(ended).rejects.toThrow(/timeout/);
    expect(logins()).toBe(1);
  });
});
