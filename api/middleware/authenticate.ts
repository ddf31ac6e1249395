import type { MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import { SESSION_COOKIE } from '../access/cookie.ts';
import type { Identity } from '../access/identity.ts';
import { couldBeToken } from '../access/secret-token.ts';
import type { Env } from '../env.ts';
import { PERMISSIONS } from '../permissions.ts';
import { HttpProblem } from '../problem.ts';

/** Finds out who asks, by token before cookie; it lets everyone pass, for `can(…)` decides. */
export const authenticate =
  (authEnabled: boolean): MiddlewareHandler<Env> =>
  async (c, next) => {
    c.set(
      'identity',
      authEnabled ? await identityOf(c.req.header('authorization'), getCookie(c, SESSION_COOKIE), c.var.services.identities) : NOBODY,
    );
    if (!authEnabled) requireLoopbackName(c.req.header('host'));
    await next();
  };

async function identityOf(
  authorization: string | undefined,
  cookie: string | undefined,
  identities: Env['Variables']['services']['identities'],
): Promise<Identity | null> {
  if (authorization !== undefined) {
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    return token !== undefined && couldBeToken(token) ? identities.ofToken(token) : null;
  }
  return cookie ? identities.ofSession(cookie) : null;
}

/** With the login off, only the machine's own names are answered: a site whose name was pointed at this address must not get in. */
function requireLoopbackName(host: string | undefined): void {
  if (/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(host ?? '')) return;
  throw new HttpProblem(403, `host ${host ?? 'missing'}: with board.auth_enabled = false only localhost is answered`);
}

const NOBODY: Identity = {
  kind: 'nobody',
  id: 'nobody',
  userId: null,
  actor: 'anonymous',
  roles: ['admin'],
  permissions: new Set(PERMISSIONS),
  mustChangePassword: false,
  expiresAt: null,
};
