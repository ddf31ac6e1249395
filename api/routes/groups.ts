import { Hono } from 'hono';
import { z } from 'zod';
import { deleteGroup, findGroup, findUnknownUsers, insertGroup, listGroups, type ShownGroup, updateGroup } from '#db/queries/groups.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { hasCurrent, requireMatch, tagOf } from '../middleware/etag.ts';
import { orChangedBefore, orDoneBefore } from '../or-changed-before.ts';
import { HttpProblem, notFound } from '../problem.ts';
import type { Services } from '../services.ts';
import { pageOf } from '../views/json.ts';
import { pageByName, searchedIn } from '../views/paging.ts';
import { GroupView, Name, RoleName } from '../views/person.ts';

const Content = z.strictObject({
  description: z.string().max(1000).nullable().default(null),
  role: RoleName.nullable().default(null).meta({ description: 'what its members hold beside their own role' }),
  members: z.array(Name).max(1000).default([]),
});
const NewGroup = Content.extend({ name: Name });

/** Sets of users. */
export const groups = new Hono<Env>()
  .get(
    '/',
    can('user:read'),
    describe({ tag: 'groups', summary: 'Every group, by name', answers: { 200: pageOf(GroupView) } }),
    query(z.strictObject(searchedIn('name or description'))),
    async (c) => {
      const { q, ...paging } = c.req.valid('query');
      return c.json(await pageByName(paging, (after, limit) => listGroups(c.var.services.database.sql, after, limit, q)));
    },
  )
  .post(
    '/',
    can('user:edit'),
    describe({
      tag: 'groups',
      summary: 'Make a group; with the same `Idempotency-Key` and body it is made once',
      answers: { 201: GroupView },
    }),
    body(NewGroup),
    async (c) => {
      const { name, ...content } = c.req.valid('json');
      const { database, identities } = c.var.services;
      await requireUsers(c.var.services, content.members);
      const made = await orChangedBefore(c, c.req.valid('json'), (key) => insertGroup(database.sql, name, content, auditOf(c), key));
      identities.forget();
      c.header('Location', `${c.req.path}/${made.name}`);
      c.header('ETag', tagOf(made.version));
      return c.json(made, 201);
    },
  )
  .get('/:name', can('user:read'), describe({ tag: 'groups', summary: 'One group', answers: { 200: GroupView } }), async (c) => {
    const group = await requireGroup(c.var.services, c.req.param('name'));
    if (hasCurrent(c, tagOf(group.version))) return c.body(null, 304);
    return c.json(group);
  })
  .put(
    '/:name',
    can('user:edit'),
    describe({
      tag: 'groups',
      summary: 'Change a group; with the same `Idempotency-Key` and body it is done once',
      answers: { 200: GroupView },
    }),
    body(Content),
    async (c) => {
      const name = c.req.param('name');
      const content = c.req.valid('json');
      const { database, identities } = c.var.services;
      const group = await requireGroup(c.var.services, name);
      await requireUsers(c.var.services, content.members);
      const changed = await orChangedBefore(c, content, async (key) => {
        requireMatch(c, tagOf(group.version));
        return updateGroup(database.sql, name, group.version, content, auditOf(c), key);
      });
      identities.forget();
      c.header('ETag', tagOf(changed.version));
      return c.json(changed);
    },
  )
  .delete(
    '/:name',
    can('user:edit'),
    describe({
      tag: 'groups',
      summary: 'Remove a group; its members stay; with the same `Idempotency-Key` it is removed once',
      answers: { 204: 'Removed' },
    }),
    async (c) => {
      const { sql } = c.var.services.database;
      await orDoneBefore(c, {}, (key) => deleteGroup(sql, c.req.param('name'), auditOf(c), key));
      c.var.services.identities.forget();
      return c.body(null, 204);
    },
  );

async function requireGroup({ database }: Services, name: string): Promise<ShownGroup> {
  const group = await findGroup(database.sql, name);
  if (!group) throw notFound(`no group ${name}`);
  return group;
}

async function requireUsers({ database }: Services, names: readonly string[]): Promise<void> {
  const unknown = await findUnknownUsers(database.sql, names);
  if (unknown.length > 0) throw new HttpProblem(422, `members: no user ${unknown.join(', ')}`);
}
