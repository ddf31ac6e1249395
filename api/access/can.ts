import type { Hono, MiddlewareHandler } from 'hono';
import { findTargetHandler } from 'hono/utils/handler';
import { uniqueSymbol } from 'hono-openapi';
import type { Env } from '../env.ts';
import type { Permission } from '../permissions.ts';
import { HttpProblem } from '../problem.ts';

const stated = new WeakSet<object>();

/** The permission a route needs; it stands first after the route's path, and without it the API does not start. */
export const can = (permission: Permission): MiddlewareHandler<Env> =>
  state({ security: [{ token: [] }, { session: [] }], 'x-permission': permission }, async (c, next) => {
    const { identity } = c.var;
    if (!identity) {
      throw new HttpProblem(401, 'sign in, or send a token as `Authorization: Bearer cap_…`', {
        headers: { 'WWW-Authenticate': 'Bearer' },
      });
    }
    if (identity.mustChangePassword && permission !== 'account:own') {
      throw new HttpProblem(403, 'the one-time password must be changed first (POST /me/password)', { type: 'password_change_required' });
    }
    if (!identity.permissions.has(permission)) {
      throw new HttpProblem(403, `${identity.actor} (${identity.roles.join(', ') || 'no role'}) lacks the permission ${permission}`);
    }
    await next();
  });

/** A route that anyone may call; each one is named in the list of public routes that a test keeps. */
export const open = (): MiddlewareHandler<Env> => state({ security: [] }, (_c, next) => next());

/** Throws unless each route begins with `can(…)` or `open()`: what states no permission is never served. */
export function requireStatedPermissions(app: Pick<Hono<Env>, 'routes'>): void {
  const seen = new Set<string>();
  for (const { method, path, handler } of app.routes) {
    const route = `${method} ${path}`;
    if (method === 'ALL' || seen.has(route)) continue;
    seen.add(route);
    if (!stated.has(findTargetHandler(handler)))
      throw new Error(`${route} states no permission; put can(…) or open() right after its path`);
  }
}

function state(spec: object, middleware: MiddlewareHandler<Env>): MiddlewareHandler<Env> {
  stated.add(middleware);
  return Object.assign(middleware, { [uniqueSymbol]: { spec } });
}
