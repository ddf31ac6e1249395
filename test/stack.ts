import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { connect, type Database } from '#db/client.ts';
import { migrate } from '#db/migrate.ts';
import { createDatabase } from '#db/testing/create-database.ts';
import { freePort } from '#platform/local/free-port.ts';
import { type ApiClient, apiClient, eventually } from './api-client.ts';
import { type OwnProcess, startProcess } from './own-process.ts';

/** One installation for one test file: a database and a namespace of its own on the shared servers, a real worker process and a real API process. */
export interface Stack {
  readonly database: Database;
  readonly temporal: Client;
  readonly namespace: string;
  readonly worker: OwnProcess;
  readonly api: OwnProcess;
  readonly url: string;
  readonly token: string;
  /** The API as an administrator uses it. */
  readonly as: ApiClient;
  /** What the processes were started with. */
  readonly env: { readonly [name: string]: string };
  stop(): Promise<void>;
}

export interface StackOptions {
  readonly postgresUrl?: string;
  /** A database that stands already, in place of a new one; it is brought to the newest schema. */
  readonly databaseUrl?: string;
  readonly temporalAddress?: string;
  readonly env?: { readonly [name: string]: string };
}

/** Starts an installation and waits until it is ready to take runs. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const name = `t_${randomBytes(6).toString('hex')}`;
  const address = options.temporalAddress ?? (await provided('temporalAddress'));
  const [databaseUrl, connection] = await Promise.all([
    standing(options) ?? (options.postgresUrl ? migrated(options.postgresUrl, name) : copied(name)),
    withNamespace(address, name),
  ]);

  const token = `test-${randomBytes(24).toString('base64url')}`;
  const port = await freePort(undefined);
  const env = {
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: name,
    CAPSTAN_API__PORT: String(port),
    CAPSTAN_BOOTSTRAP_TOKEN: token,
    CAPSTAN_KEY: randomBytes(32).toString('base64'),
    CAPSTAN_WORKER__LOCAL_EXEC: 'true',
    CAPSTAN_TARGETS__CHECK_MINUTES: '0',
    CAPSTAN_WORKER__HTTP_ALLOW: '["127.0.0.1"]',
    CAPSTAN_LOGGING__LEVEL: process.env.TEST_LOG_LEVEL ?? 'error',
    ...options.env,
  };
  const url = `http://127.0.0.1:${port}`;
  const worker = startProcess('worker/main.ts', env);
  const api = startProcess('api/main.ts', env);
  const database = connect({ url: databaseUrl, max: 4 });
  const stop = async () => {
    await Promise.all([worker.stop(), api.stop()]);
    await database.close();
    await connection.close();
  };
  await untilReady(url, [worker, api]).catch(async (error) => {
    await stop();
    throw error;
  });
  return {
    database,
    temporal: new Client({ connection, namespace: name }),
    namespace: name,
    worker,
    api,
    url,
    token,
    as: apiClient(url, token),
    env,
    stop,
  };
}

/** What the test run provides; asked for only inside one, since benchmarks start installations too. */
async function provided(name: 'postgresUrl' | 'migratedDatabase' | 'temporalAddress'): Promise<string> {
  const { inject } = await import('vitest');
  return inject(name);
}

const standing = ({ databaseUrl }: StackOptions): Promise<string> | null =>
  databaseUrl === undefined ? null : migrate(databaseUrl).then(() => databaseUrl);

async function migrated(server: string, name: string): Promise<string> {
  const url = await createDatabase(server, name);
  await migrate(url);
  return url;
}

const copied = async (name: string): Promise<string> =>
  createDatabase(await provided('postgresUrl'), name, await provided('migratedDatabase'));

async function withNamespace(address: string, namespace: string): Promise<Connection> {
  const connection = await Connection.connect({ address });
  await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs('1d') });
  return connection;
}

/** How a run whose row has ended is called in Temporal: the row is written first, and the workflow ends a moment later. */
export const endInTemporal = (temporal: Client, run: string): Promise<string> =>
  eventually(
    async () => (await temporal.workflow.getHandle(`run:${run}`).describe()).status.name,
    (status) => status !== 'RUNNING',
    20_000,
  );

/** Waits for `/readyz`: Postgres, Temporal, migrations and a worker that polls. */
export async function untilReady(url: string, processes: readonly OwnProcess[], withinMs = 60_000): Promise<void> {
  const giveUpAt = Date.now() + withinMs;
  let last = 'no answer';
  while (Date.now() < giveUpAt) {
    for (const process of processes) if (process.ended) throw new Error(`${process.name} ended before it was ready:\n${process.output()}`);
    try {
      const response = await fetch(`${url}/readyz`);
      if (response.ok) return;
      last = await response.text();
    } catch (error) {
      last = String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`not ready after ${withinMs} ms: ${last}\n${processes.map((process) => process.output()).join('\n')}`);
}
