import { Hono } from 'hono';
import { getCookie } from 'hono/cookie';
import { z } from 'zod';
import { changePassword, endSession, findLogin, openSession } from '#db/queries/sessions.ts';
import { auditOf } from '../access/audit.ts';
import { can, open } from '../access/can.ts';
import { giveSession, SESSION_COOKIE, takeSession } from '../access/cookie.ts';
import { SESSION_SECONDS } from '../access/identities.ts';
import { type Identity, signedIn } from '../access/identity.ts';
import { hashPassword, verifyPassword } from '../access/password.ts';
import { hashOf, mintSession } from '../access/secret-token.ts';
import { clientAddress } from '../client-address.ts';
import { body, describe } from '../describe.ts';
import type { Env } from '../env.ts';
import { orDoneBefore } from '../or-changed-before.ts';
import { HttpProblem } from '../problem.ts';
import { Me, Password } from '../views/person.ts';

const meOf = (identity: Identity) => ({
  user: { id: identity.userId, name: identity.actor },
  roles: [...identity.roles],
  permissions: [...identity.permissions],
  must_change_password: identity.mustChangePassword,
});

/** Signing in and out, and the caller's own password. */
export const account = new Hono<Env>()
  .post(
    '/login',
    open(),
    describe({ tag: 'account', summary: 'Sign in with a password; answers with a session cookie', answers: { 200: Me } }),
    body(z.strictObject({ user: z.string().min(1).max(200), password: z.string().max(1000) }), { secret: true }),
    async (c) => {
      const { user, password } = c.req.valid('json');
      const { attempts, database, identities } = c.var.services;
      const address = clientAddress(c);
      const wait = attempts.waitFor(user, address);
      if (wait > 0) {
        throw new HttpProblem(429, `too many failed logins; try again in ${wait} s`, { headers: { 'Retry-After': String(wait) } });
      }
      const found = await findLogin(database.sql, user);
      const right = await verifyPassword(password, found?.password_hash ?? null);
      if (!found || !right || !found.active) {
        attempts.failed(user, address);
        throw new HttpProblem(401, 'user or password is wrong');
      }
      attempts.succeeded(user, address);
      const secret = mintSession();
      const expires_at = new Date(Date.now() + SESSION_SECONDS * 1000);
      await openSession(
        database.sql,
        { hash: hashOf(secret), user_id: found.id, address, user_agent: c.req.header('user-agent')?.slice(0, 300) ?? null, expires_at },
        { actor: found.name, request_id: c.var.requestId },
      );
      const before = getCookie(c, SESSION_COOKIE);
      if (before) await endSession(database.sql, hashOf(before), { actor: found.name, request_id: c.var.requestId });
      identities.forget();
      const identity = await identities.ofSession(secret);
      if (!identity) throw new HttpProblem(401, 'user or password is wrong');
      giveSession(c, secret, expires_at);
      return c.json(meOf(identity));
    },
  )
  .post(
    '/logout',
    can('account:own'),
    describe({ tag: 'account', summary: 'End the session', answers: { 204: 'Signed out' } }),
    async (c) => {
      const identity = signedIn(c);
      if (identity.kind === 'session') await endSession(c.var.services.database.sql, identity.id, auditOf(c));
      c.var.services.identities.forget();
      takeSession(c);
      return c.body(null, 204);
    },
  )
  .get('/me', can('account:own'), describe({ tag: 'account', summary: 'Who is asking, and what they may do', answers: { 200: Me } }), (c) =>
    c.json(meOf(signedIn(c))),
  )
  .post(
    '/me/password',
    can('account:own'),
    describe({
      tag: 'account',
      summary: 'Change the own password; ends every other session; with the same `Idempotency-Key` and body it is done once',
      answers: { 200: Me },
    }),
    body(z.strictObject({ current: z.string().max(1000), next: Password }), { secret: true }),
    async (c) => {
      const identity = signedIn(c);
      const { current, next } = c.req.valid('json');
      const { attempts, database, identities } = c.var.services;
      if (identity.userId === null) throw new HttpProblem(409, 'the login is switched off here (board.auth_enabled = false)');
      const address = clientAddress(c);
      const wait = attempts.waitFor(identity.actor, address);
      if (wait > 0) {
        throw new HttpProblem(429, `too many wrong passwords; try again in ${wait} s`, { headers: { 'Retry-After': String(wait) } });
      }
      const { userId } = identity;
      await orDoneBefore(c, { current, next }, async (key) => {
        const found = await findLogin(database.sql, identity.actor);
        if (!(await verifyPassword(current, found?.password_hash ?? null))) {
          attempts.failed(identity.actor, address);
          throw new HttpProblem(422, 'current: is not the current password');
        }
        if (current === next) throw new HttpProblem(422, 'next: is the current password; choose another');
        const keep = identity.kind === 'session' ? identity.id : null;
        await changePassword(database.sql, userId, await hashPassword(next), keep, auditOf(c), key);
      });
      identities.forget();
      return c.json(meOf({ ...identity, mustChangePassword: false }));
    },
  );
