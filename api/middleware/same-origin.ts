import type { MiddlewareHandler } from 'hono';
import type { Env } from '../env.ts';
import { HttpProblem } from '../problem.ts';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
const BODIES = /^application\/(json|yaml|x-ndjson|problem\+json)\b/i;

/**
 * Refuses changes that another site may have asked the browser for: a request carrying the session cookie must say that it comes
 * from our own page (`Sec-Fetch-Site`, else `Origin`), and its body must be of a type that forms cannot send. Tokens are exempt.
 */
export const sameOrigin =
  (allowed: readonly string[]): MiddlewareHandler<Env> =>
  async (c, next) => {
    if (READS.has(c.req.method) || c.req.header('authorization')) return next();
    const site = c.req.header('sec-fetch-site');
    const origin = c.req.header('origin');
    if (origin === undefined && site === undefined && !c.req.header('cookie')) return next();
    const ours = origin !== undefined && (allowed.includes(origin) || hostOf(origin) === c.req.header('host'));
    if (site === undefined ? !ours : site !== 'same-origin' && !(origin !== undefined && allowed.includes(origin))) {
      throw new HttpProblem(403, `origin ${origin ?? 'unknown'}: changes with a session come from the page itself; scripts send a token`);
    }
    const type = c.req.header('content-type');
    if (type !== undefined && !BODIES.test(type)) {
      throw new HttpProblem(415, `content-type: ${type} is not accepted; send application/json`);
    }
    return next();
  };

const hostOf = (origin: string) => (URL.canParse(origin) ? new URL(origin).host : null);
