import type { MiddlewareHandler } from 'hono';
import type { Env } from '../env.ts';

/** What no answer goes without; the page brings a policy of its own, an API answer may do nothing at all in a browser. */
export const securityHeaders = (): MiddlewareHandler<Env> => (c, next) => {
  for (const [name, value] of Object.entries(HEADERS)) c.header(name, value);
  return next();
};

const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
};
