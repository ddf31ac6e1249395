import { fileURLToPath } from 'node:url';
import { Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { requestId } from 'hono/request-id';
import { v7 as uuidv7 } from 'uuid';
import { pendingMigrations } from '#db/migrate.ts';
import { CALENDAR_LIMITS } from '#jobs/calendars/definition.ts';
import { LIMITS } from '#jobs/limits.ts';
import { fileOf } from '#platform/logging.ts';
import { zoneData } from '#platform/zone-data.ts';
import { requireStatedPermissions } from './access/can.ts';
import { createIdentities } from './access/identities.ts';
import { countLoginAttempts } from './access/login-attempts.ts';
import { Outlook } from './agenda/outlook.ts';
import { app as routes } from './app.ts';
import type { Env } from './env.ts';
import { onError } from './errors.ts';
import { legacy } from './legacy/legacy.ts';
import { createHub } from './live/hub.ts';
import { databaseSource } from './live/source.ts';
import { createStreams } from './live/streams.ts';
import { accessLog } from './middleware/access-log.ts';
import { authenticate } from './middleware/authenticate.ts';
import { deadline } from './middleware/deadline.ts';
import { refuseNul } from './middleware/refuse-nul.ts';
import { rememberTopics } from './middleware/remember-topics.ts';
import { sameOrigin } from './middleware/same-origin.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import { openapi } from './openapi.ts';
import { readAssets } from './page/assets.ts';
import { servePage } from './page/serve.ts';
import { answerProblem, HttpProblem, notFound } from './problem.ts';
import { createQueueLooks } from './queue-looks.ts';
import { health } from './routes/health.ts';
import { createLauncher } from './runs/launch-run.ts';
import type { ApiDependencies, Services } from './services.ts';
import { LineIndex } from './step-log/line-index.ts';
import { createScanners } from './step-log/scanners.ts';

const PAGE = fileURLToPath(new URL('../web/dist', import.meta.url));
const DEADLINE_MS = 15_000;
/** A thousand definitions are checked one by one, between the requests of others. */
const IMPORT_DEADLINE_MS = 60_000;

/** The API and the page as one application, without a server: a test serves it on any port. `close` ends its streams and its clocks. */
export async function createApi(dependencies: ApiDependencies): Promise<{ readonly app: Hono<Env>; close(): Promise<void> }> {
  const { database, temporal, config, log } = dependencies;
  const { board, api } = config;
  const assets = board.enabled ? readAssets(PAGE) : null;
  const identities = createIdentities(database.sql);
  const hub = await createHub(databaseSource(database.sql), (error) => log.warn({ err: error }, 'live events wait for Postgres'));
  const streams = createStreams({ hub, build: assets?.build ?? 'none', stillValid: identities.stillValid });
  const scanners = createScanners(config.database.url);
  const services: Services = {
    ...dependencies,
    identities,
    streams,
    attempts: countLoginAttempts(),
    launchRun: createLauncher(temporal, database.sql, log),
    accessFile: fileOf(config.logging, 'api', 'audit', log),
    queueLooks: createQueueLooks(temporal),
    outlook: new Outlook(zoneData()),
    lineIndex: new LineIndex(database.sql, scanners),
    scanners,
    missingMigrations: () => pendingMigrations(database.sql),
  };

  const app = new Hono<Env>();
  app.onError(onError);
  app.notFound((c) => answerProblem(c, notFound(`nothing at ${c.req.method} ${c.req.path}`)));
  app.use(requestId({ generator: () => uuidv7(), limitLength: 100 }));
  app.use((c, next) => {
    c.set('services', services);
    return next();
  });
  app.use(accessLog([board.api_prefix, '/legacy']), securityHeaders());
  if (api.cors_origins.length > 0)
    app.use(
      cors({ origin: [...api.cors_origins], credentials: true, exposeHeaders: ['Capstan-Event', 'ETag', 'Location', 'X-Request-Id'] }),
    );
  app.route('/', health);

  const guard = (inner: Hono<Env>): Hono<Env> => {
    const guarded = new Hono<Env>();
    guarded.use(
      deadline(DEADLINE_MS, {
        [`${board.api_prefix}/jobs/import`]: IMPORT_DEADLINE_MS,
        [`${board.api_prefix}/calendars/import`]: IMPORT_DEADLINE_MS,
        [`${board.api_prefix}/log-files/cleanup`]: IMPORT_DEADLINE_MS,
      }),
      refuseNul(),
      sameOrigin(api.cors_origins),
    );
    guarded.use(
      limitBodies(api.body_limit_bytes, {
        [`${board.api_prefix}/jobs/import`]: LIMITS.importBytes,
        [`${board.api_prefix}/calendars/import`]: CALENDAR_LIMITS.icalBytes,
      }),
    );
    guarded.use(authenticate(board.auth_enabled), rememberTopics(hub));
    guarded.route('/', inner);
    guarded.all('*', (c) => {
      if (!c.var.identity) throw new HttpProblem(401, 'sign in, or send a token as `Authorization: Bearer cap_…`');
      throw notFound(`nothing at ${c.req.method} ${c.req.path}`);
    });
    return guarded;
  };
  app.route(board.api_prefix, guard(new Hono<Env>().route('/', routes).route('/', openapi(app, board.api_prefix))));
  app.route('/legacy', guard(legacy));
  requireStatedPermissions(app);
  if (board.enabled) app.use(servePage(assets, board));

  return {
    app,
    async close() {
      streams.close();
      await hub.close();
      await identities.close();
      await scanners.close();
      await services.accessFile?.flush();
    },
  };
}

/** Refuses bodies over a limit, which some paths have of their own where it is higher. */
function limitBodies(usual: number, own: { readonly [path: string]: number }): MiddlewareHandler<Env> {
  const upTo = (maxSize: number) => bodyLimit({ maxSize, onError: () => tooLarge(maxSize) });
  const limits = new Map(Object.entries(own).map(([path, bytes]) => [path, upTo(Math.max(usual, bytes))]));
  const other = upTo(usual);
  return (c, next) => (limits.get(c.req.path) ?? other)(c, next);
}

function tooLarge(limit: number): never {
  // The rest of the body is never read, so nothing else can come over this connection.
  throw new HttpProblem(413, `the body is larger than ${limit} bytes`, { headers: { Connection: 'close' } });
}
