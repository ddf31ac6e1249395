import type { MiddlewareHandler } from 'hono';
import { HttpProblem } from '../problem.ts';

/** Refuses an address with a NUL character in its path or query: nothing here has one in its name, and Postgres cannot look for it. */
export const refuseNul = (): MiddlewareHandler => (c, next) => {
  if (c.req.url.includes('%00')) throw new HttpProblem(400, 'the address holds a NUL character (%00)');
  return next();
};
