import type { Context, MiddlewareHandler } from 'hono';
import { clientAddress } from '../client-address.ts';
import type { Env } from '../env.ts';

const QUIET = new Set(['/healthz', '/health', '/readyz']);

/** One entry a request: who asked what and how it ended; reads that went well are debug entries. Where there are log files, every request below `paths` has a line in those of the audit, whatever the level. */
export const accessLog =
  (paths: readonly string[]): MiddlewareHandler<Env> =>
  async (c, next) => {
    const started = performance.now();
    await next();
    if (QUIET.has(c.req.path)) return;
    const { log, accessFile } = c.var.services;
    const status = c.res.status;
    const level = status >= 500 ? 'error' : c.req.method === 'GET' && status < 400 ? 'debug' : 'info';
    const isLogged = log.isLevelEnabled(level);
    const isFiled = accessFile !== null && paths.some((path) => c.req.path.startsWith(path.endsWith('/') ? path : `${path}/`));
    if (!isLogged && !isFiled) return;
    const seen = {
      request_id: c.var.requestId,
      method: c.req.method,
      path: pathOf(c),
      status,
      ms: Math.round((performance.now() - started) * 10) / 10,
      actor: c.var.identity?.actor,
    };
    if (isLogged) log[level](seen, 'request');
    if (isFiled)
      accessFile.write(JSON.stringify({ at: new Date().toISOString(), event: 'api.request', ...seen, address: clientAddress(c) }));
  };

/** Enough for every address there is; who has none to ask for may not fill the files of years. */
const MAX_PATH = 500;

/** The path without what opens a door: whoever has the address of a step that waits may answer it. */
const pathOf = (c: Context<Env>): string => c.req.path.replace(/(\/hooks\/).+/, '$1…').slice(0, MAX_PATH);
