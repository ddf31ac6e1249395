import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { pino } from 'pino';
import { inject } from 'vitest';
import { connect, type Database } from '#db/client.ts';
import { migrate } from '#db/migrate.ts';
import { insertToken } from '#db/queries/tokens.ts';
import { insertUser } from '#db/queries/users.ts';
import type { Role } from '#db/schema/words.ts';
import { testDatabase } from '#db/testing/database.ts';
import { checkSettings } from '#platform/config.ts';
import { connectTemporal } from '#platform/temporal/connect.ts';
import { hashPassword } from '../access/password.ts';
import { hashOf, mintToken } from '../access/secret-token.ts';
import { createApi } from '../create-api.ts';

/** What the API answered; a body that is JSON is parsed, any other is its text. */
export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

type Fields = { readonly [name: string]: unknown };

/** The API of one test file on a port of its own, over a database of its own, without a worker. */
export interface Installation {
  readonly url: string;
  readonly database: Database;
  /** Tokens of three people, one a role. */
  readonly tokens: { readonly [role in Role]: string };
  /** As the administrator, unless `token` says otherwise (null: nobody); a string body is sent as YAML. */
  call<T = Fields>(method: string, path: string, options?: CallOptions): Promise<Answer<T>>;
  close(): Promise<void>;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly token?: string | null;
  readonly headers?: { readonly [name: string]: string };
}

export interface InstallationOptions {
  /** An empty database on another server than the one all tests share. */
  readonly databaseUrl?: string;
  readonly temporalAddress?: string;
  readonly settings?: { readonly [section: string]: object };
}

/** Starts an API; whoever does closes it. */
export async function startInstallation(options: InstallationOptions = {}): Promise<Installation> {
  const own = options.databaseUrl === undefined ? await testDatabase() : null;
  const url = own?.url ?? options.databaseUrl ?? '';
  if (!own) await migrate(url);
  const address = options.temporalAddress ?? inject('temporalAddress');
  const config = checkSettings({ values: { database: { url }, temporal: { address }, ...options.settings }, origins: new Map() });
  const database = connect({ url, max: 8 });
  const temporal = connectTemporal(config);
  const keyRing = { active: 'test', keys: new Map([['test', randomBytes(32)]]) };
  const api = await createApi({ database, temporal, keyRing, config, log: pino({ level: process.env.TEST_LOG_LEVEL ?? 'silent' }) });
  const server = serve({ fetch: api.app.fetch, hostname: '127.0.0.1', port: 0 }) as Server;
  await new Promise((resolve) => (server.listening ? resolve(null) : server.once('listening', resolve)));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tokens = {
    viewer: await makePerson(database, 'viewer'),
    operator: await makePerson(database, 'operator'),
    admin: await makePerson(database, 'admin'),
  };
  return {
    url: base,
    database,
    tokens,
    call: <T>(method: string, path: string, given?: CallOptions) =>
      call<T>(base, given?.token === undefined ? tokens.admin : given.token, method, path, given),
    async close() {
      await api.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await Promise.all([database.close(), temporal.close()]);
      await own?.close();
    },
  };
}

async function call<T>(
  base: string,
  token: string | null,
  method: string,
  path: string,
  { body, headers }: CallOptions = {},
): Promise<Answer<T>> {
  const yaml = typeof body === 'string';
  const response = await fetch(`${base}${path.startsWith('/readyz') ? '' : '/api/v1'}${path}`, {
    method,
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': yaml ? 'application/yaml' : 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: yaml ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T };
}

const system = { actor: 'test', request_id: null };

/** A user named like their role, with the password `<role>-password`, and a token. */
async function makePerson({ sql }: Database, role: Role): Promise<string> {
  const password_hash = await hashPassword(`${role}-password`);
  const user = await insertUser(sql, { name: role, display_name: null, role, password_hash, must_change_password: false }, system);
  const token = mintToken();
  await insertToken(
    sql,
    { user_id: user.id, name: 'test', prefix: token.slice(0, 8), hash: hashOf(token), role, expires_at: null },
    system,
  );
  return token;
}
