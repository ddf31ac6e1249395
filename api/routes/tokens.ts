import { Hono } from 'hono';
import { z } from 'zod';
import { insertToken, listTokens, revokeToken, type ShownToken } from '#db/queries/tokens.ts';
import { ROLES } from '#db/schema/words.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { type Identity, signedIn } from '../access/identity.ts';
import { hashOf, mintToken } from '../access/secret-token.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { orDoneBefore } from '../or-changed-before.ts';
import { HttpProblem, notFound } from '../problem.ts';
import { PROJECT } from '../project.ts';
import { idempotencyOf } from '../runs/start-run.ts';
import { isUuid, pageOf } from '../views/json.ts';
import { Paging } from '../views/paging.ts';
import { NewTokenView, RoleName, TokenView } from '../views/person.ts';

const NewToken = z.strictObject({
  name: z.string().min(1).max(100),
  role: RoleName.optional().meta({ description: 'the most it may do; the own role when absent' }),
  expires_at: z.iso.datetime({ offset: true }).optional(),
});

/** Access tokens for scripts: everyone has their own; who administers users sees and revokes all. */
export const tokens = new Hono<Env>()
  .get(
    '/',
    can('token:own'),
    describe({
      tag: 'tokens',
      summary: 'The own tokens, or everyone’s with ?all=true',
      answers: { 200: pageOf(TokenView) },
    }),
    query(z.strictObject({ ...Paging, all: z.enum(['true', 'false']).default('false') })),
    async (c) => {
      const identity = signedIn(c);
      const { all: asked, ...paging } = c.req.valid('query');
      const all = asked === 'true';
      if (all && !identity.permissions.has('user:read')) throw new HttpProblem(403, 'everyone’s tokens need the permission user:read');
      const page = await listTokens(c.var.services.database.sql, { user_id: all ? null : identity.userId, ...paging });
      return c.json({ ...page, items: page.items.map(viewOf) });
    },
  )
  .post(
    '/',
    can('token:own'),
    describe({
      tag: 'tokens',
      summary:
        'Make a token; it is shown this once. With the same `Idempotency-Key` and body it is the same token, with a new secret as long as no use of it is known',
      answers: { 201: NewTokenView },
    }),
    body(NewToken),
    async (c) => {
      const identity = signedIn(c);
      const { name, role, expires_at } = c.req.valid('json');
      if (identity.userId === null) throw new HttpProblem(409, 'a token belongs to a user; the login is switched off here');
      const own = ROLES.findLast((one) => identity.roles.includes(one)) ?? 'viewer';
      if (role && ROLES.indexOf(role) > ROLES.indexOf(own)) throw new HttpProblem(422, `role: "${role}" is more than your own, ${own}`);
      if (expires_at && Date.parse(expires_at) <= Date.now()) throw new HttpProblem(422, `expires_at: ${expires_at} has passed`);
      requireMaker(identity, expires_at);
      const idempotency = idempotencyOf(c, c.req.valid('json'));
      const token = mintToken();
      const row = await insertToken(
        c.var.services.database.sql,
        {
          user_id: identity.userId,
          name,
          prefix: token.slice(0, 8),
          hash: hashOf(token),
          role: role ?? own,
          expires_at: expires_at ?? identity.expiresAt,
        },
        auditOf(c),
        idempotency && { ...idempotency, project: PROJECT },
      );
      if (idempotency) c.var.services.identities.forget();
      c.header('Cache-Control', 'no-store');
      return c.json({ ...viewOf(row), token }, 201);
    },
  )
  .delete(
    '/:id',
    can('token:own'),
    describe({
      tag: 'tokens',
      summary: 'Revoke a token at once; with the same `Idempotency-Key` it is done once',
      answers: { 204: 'Revoked' },
    }),
    async (c) => {
      const identity = signedIn(c);
      const id = c.req.param('id');
      if (!isUuid(id)) throw notFound(`there is no token "${id}"`);
      if (identity.kind === 'token' && identity.id !== id && !identity.permissions.has('user:edit')) {
        throw notFound(`there is no token "${id}" for this one to revoke; a token revokes itself, a person signs in to revoke others`);
      }
      const whose = identity.permissions.has('user:edit') ? null : identity.userId;
      await orDoneBefore(c, {}, (key) => revokeToken(c.var.services.database.sql, id, whose, auditOf(c), key));
      c.var.services.identities.forget();
      return c.body(null, 204);
    },
  );

/** A leaked token must not outlive its revocation in tokens it made: people make tokens, and administrators' scripts none that last longer than their own. */
function requireMaker({ kind, permissions, expiresAt }: Identity, wanted: string | undefined): void {
  if (kind !== 'token') return;
  if (!permissions.has('user:edit')) throw new HttpProblem(403, 'a token makes no tokens; sign in to make one');
  if (expiresAt !== null && wanted !== undefined && Date.parse(wanted) > Date.parse(expiresAt)) {
    throw new HttpProblem(422, `expires_at: ${wanted} is later than the end of the token that asks, ${expiresAt}`);
  }
}

const viewOf = ({ user_id: _, ...shown }: ShownToken) => shown;
