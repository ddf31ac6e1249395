import { Hono } from 'hono';
import { z } from 'zod';
import { findUser, insertUser, listUsers, type ShownUser, updateUser } from '#db/queries/users.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { hashPassword } from '../access/password.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { hasCurrent, requireMatch, tagOf } from '../middleware/etag.ts';
import { orChangedBefore } from '../or-changed-before.ts';
import { notFound } from '../problem.ts';
import type { Services } from '../services.ts';
import { pageOf } from '../views/json.ts';
import { pageByName, searchedIn } from '../views/paging.ts';
import { Name, Password, RoleName, UserView } from '../views/person.ts';

const NewUser = z.strictObject({
  name: Name,
  display_name: z.string().max(200).nullable().default(null),
  role: RoleName,
  password: Password.meta({ description: 'must be changed at the first login' }),
});

const ChangedUser = z.strictObject({
  display_name: z.string().max(200).nullable().default(null),
  role: RoleName,
  active: z.boolean(),
  password: Password.optional(),
});

/** People and their roles. A user is never deleted, for runs and audit name them; closing the account ends what they could do. */
export const users = new Hono<Env>()
  .get(
    '/',
    can('user:read'),
    describe({ tag: 'users', summary: 'Everyone, by name', answers: { 200: pageOf(UserView) } }),
    query(z.strictObject(searchedIn('name or display name'))),
    async (c) => {
      const { q, ...paging } = c.req.valid('query');
      return c.json(await pageByName(paging, (after, limit) => listUsers(c.var.services.database.sql, after, limit, q)));
    },
  )
  .post(
    '/',
    can('user:edit'),
    describe({
      tag: 'users',
      summary: 'Add a user; with the same `Idempotency-Key` and body they are added once',
      answers: { 201: UserView },
    }),
    body(NewUser, { secret: true }),
    async (c) => {
      const { password, ...user } = c.req.valid('json');
      const password_hash = await hashPassword(password);
      const made = await orChangedBefore(c, c.req.valid('json'), (key) =>
        insertUser(c.var.services.database.sql, { ...user, password_hash, must_change_password: true }, auditOf(c), key),
      );
      c.header('Location', `${c.req.path}/${made.name}`);
      c.header('ETag', tagOf(made.version));
      return c.json(made, 201);
    },
  )
  .get('/:name', can('user:read'), describe({ tag: 'users', summary: 'One user', answers: { 200: UserView } }), async (c) => {
    const user = await requireUser(c.var.services, c.req.param('name'));
    if (hasCurrent(c, tagOf(user.version))) return c.body(null, 304);
    return c.json(user);
  })
  .put(
    '/:name',
    can('user:edit'),
    describe({
      tag: 'users',
      summary: 'Change role, account or password of a user; with the same `Idempotency-Key` and body it is done once',
      answers: { 200: UserView },
    }),
    body(ChangedUser, { secret: true }),
    async (c) => {
      const name = c.req.param('name');
      const { password, ...change } = c.req.valid('json');
      const { database, identities } = c.var.services;
      const user = await requireUser(c.var.services, name);
      const password_hash = password === undefined ? undefined : await hashPassword(password);
      const changed = await orChangedBefore(c, c.req.valid('json'), async (key) => {
        requireMatch(c, tagOf(user.version));
        return updateUser(database.sql, name, user.version, { ...change, password_hash }, auditOf(c), key);
      });
      identities.forget();
      c.header('ETag', tagOf(changed.version));
      return c.json(changed);
    },
  );

async function requireUser({ database }: Services, name: string): Promise<ShownUser> {
  const user = await findUser(database.sql, name);
  if (!user) throw notFound(`no user ${name}`);
  return user;
}
