import type { MiddlewareHandler } from 'hono';
import type { Env } from '../env.ts';

const QUIET = new Set(['/healthz', '/health', '/readyz']);

/** One entry a request: who asked what and how it ended; reads that went well are debug entries. */
export const accessLog = (): MiddlewareHandler<Env> => async (c, next) => {
  const started = performance.now();
  await next();
  const { log } = c.var.services;
  const status = c.res.status;
  const level = status >= 500 ? 'error' : c.req.method === 'GET' && status < 400 ? 'debug' : 'info';
  if (QUIET.has(c.req.path) || !log.isLevelEnabled(level)) return;
  log[level](
    {
      request_id: c.var.requestId,
      method: c.req.method,
      path: c.req.path,
      status,
      ms: Math.round((performance.now() - started) * 10) / 10,
      actor: c.var.identity?.actor,
    },
    'request',
  );
};
