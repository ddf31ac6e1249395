import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '@hono/node-server';
import { connect } from '#db/client.ts';
import { pendingMigrations } from '#db/migrate.ts';
import { configOrExit } from '#platform/config.ts';
import { loadKeyRing } from '#platform/key-ring.ts';
import { createLogger } from '#platform/logging.ts';
import { connectTemporal } from '#platform/temporal/connect.ts';
import { ensureFirstAdmin } from './access/first-admin.ts';
import { createApi } from './create-api.ts';
import { isPostgresAway } from './errors.ts';

const DRAIN_MS = 10_000;

const config = configOrExit();
const log = createLogger(config, 'api');
if (process.env.CAPSTAN_PARENT_PIPE === '1') await import('#platform/local/parent-pipe.ts');

let drain = async (): Promise<void> => {};
let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(0));

const database = connect({ url: config.database.url, readUrl: config.database.read_url, max: config.database.max_connections });
const temporal = connectTemporal(config);
const keyRing = await loadKeyRing({ file: config.key.file, env: config.key.value });

await oncePostgresAnswers(async () => {
  const missing = await pendingMigrations(database.sql);
  if (missing.length > 0) throw new Error(`the database lacks ${missing.join(', ')}; run: node db/migrate-main.ts`);
});
const first = await oncePostgresAnswers(() => ensureFirstAdmin(database.sql, config.bootstrap_token));
// For the person at the terminal; it goes into no log.
if (first) process.stdout.write(`first login: user ${first.user}, one-time password ${first.password}\n`);

const api = await oncePostgresAnswers(() => createApi({ database, temporal, keyRing, config, log }));
const server = serve({ fetch: api.app.fetch, hostname: config.api.host, port: config.api.port }, ({ port }) =>
  log.info({ host: config.api.host, port }, 'api listens'),
) as Server;
server.once('error', (error) => {
  log.fatal({ err: error }, `cannot listen on ${config.api.host}:${config.api.port}`);
  void stop(1);
});
drain = async () => {
  const closed = new Promise((resolve) => server.close(resolve));
  await api.close();
  server.closeIdleConnections();
  await closed;
  await Promise.all([database.close(), temporal.close()]);
};

/** Takes no new requests, lets those under way finish, ends the event streams, and leaves. */
async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  log.info('api stops');
  setTimeout(() => process.exit(1), DRAIN_MS).unref();
  await drain();
  process.exit(code);
}

/** Tries each second while Postgres is away, so that the order in which a machine starts its services does not matter. */
async function oncePostgresAnswers<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isPostgresAway(error)) throw error;
      log.warn({ err: error }, 'waiting for Postgres');
      await sleep(1_000);
    }
  }
}
