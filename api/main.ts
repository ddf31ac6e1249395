import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { connect } from '#db/client.ts';
import { configOrExit } from '#platform/config.ts';
import { loadKeyRing } from '#platform/key-ring.ts';
import { createLogger } from '#platform/logging.ts';
import { connectTemporal } from '#platform/temporal/connect.ts';
import { untilItAnswers } from '#platform/until-it-answers.ts';
import { ensureFirstAdmin } from './access/first-admin.ts';
import { createApi } from './create-api.ts';

const DRAIN_MS = 10_000;

const config = configOrExit();
const log = createLogger(config, 'api');
if (process.env.CAPSTAN_PARENT_PIPE === '1') await import('#platform/local/parent-pipe.ts');

const database = connect({ url: config.database.url, readUrl: config.database.read_url, max: config.database.max_connections });
const temporal = connectTemporal(config);
const keyRing = await loadKeyRing({ file: config.key.file, env: config.key.value });
const first = await untilItAnswers('Postgres', () => ensureFirstAdmin(database.sql, config.bootstrap_token), log);
// For the person at the terminal, or `npm start` that reads it here; it goes into no log.
if (first) process.stdout.write(`first login: user ${first.user}, one-time password ${first.password}\n`);

const api = await untilItAnswers('Postgres', () => createApi({ database, temporal, keyRing, config, log }), log);
const server = serve({ fetch: api.app.fetch, hostname: config.api.host, port: config.api.port }, ({ port }) =>
  log.info({ host: config.api.host, port }, 'api listens'),
) as Server;

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());

/** Takes no new requests, lets those under way finish, ends the event streams, and leaves. */
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  log.info('api stops');
  setTimeout(() => process.exit(1), DRAIN_MS).unref();
  const closed = new Promise((resolve) => server.close(resolve));
  await api.close();
  server.closeIdleConnections();
  await closed;
  await Promise.all([database.close(), temporal.close()]);
  process.exit(0);
}
