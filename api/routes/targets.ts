import { Hono } from 'hono';
import { z } from 'zod';
import { findTarget } from '#db/queries/find-target.ts';
import { findCredential } from '#db/queries/list-credentials.ts';
import { listTargets } from '#db/queries/list-targets.ts';
import { deleteTarget, saveTarget } from '#db/queries/save-target.ts';
import type { TargetRow } from '#db/schema/targets.ts';
import { TARGET_KINDS } from '#jobs/step.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { hasCurrent, requireMatch, tagOf } from '../middleware/etag.ts';
import { HttpProblem, notFound } from '../problem.ts';
import { PROJECT } from '../project.ts';
import type { Services } from '../services.ts';
import { pageOf } from '../views/json.ts';
import { Paging } from '../views/paging.ts';
import { TargetContent, TargetName, TargetView } from '../views/target.ts';

const TargetsQuery = z.strictObject({ ...Paging, kind: z.enum(TARGET_KINDS).optional(), tag: z.string().optional() });

/** Where steps run: named connection profiles. */
export const targets = new Hono<Env>()
  .get(
    '/',
    can('target:read'),
    describe({ tag: 'targets', summary: 'Targets by name', answers: { 200: pageOf(TargetView) } }),
    query(TargetsQuery),
    async (c) => c.json(await listTargets(c.var.services.database.read, { project: PROJECT, ...c.req.valid('query') })),
  )
  .post(
    '/',
    can('target:edit'),
    describe({ tag: 'targets', summary: 'Add a target', answers: { 201: TargetView } }),
    body(TargetContent.extend({ name: TargetName })),
    async (c) => {
      const target = c.req.valid('json');
      await requireCredential(c.var.services, target.credential);
      const made = await saveTarget(c.var.services.database.sql, PROJECT, target, null, auditOf(c));
      c.header('Location', `${c.req.path}/${made.name}`);
      c.header('ETag', tagOf(made.version));
      return c.json(made, 201);
    },
  )
  .get('/:name', can('target:read'), describe({ tag: 'targets', summary: 'One target', answers: { 200: TargetView } }), async (c) => {
    const target = await requireTarget(c.var.services, c.req.param('name'));
    if (hasCurrent(c, tagOf(target.version))) return c.body(null, 304);
    return c.json(target);
  })
  .put(
    '/:name',
    can('target:edit'),
    describe({ tag: 'targets', summary: 'Replace a target', answers: { 200: TargetView } }),
    body(TargetContent),
    async (c) => {
      const content = c.req.valid('json');
      const target = await requireTarget(c.var.services, c.req.param('name'));
      requireMatch(c, tagOf(target.version));
      await requireCredential(c.var.services, content.credential);
      const saved = await saveTarget(c.var.services.database.sql, PROJECT, { name: target.name, ...content }, target.version, auditOf(c));
      c.header('ETag', tagOf(saved.version));
      return c.json(saved);
    },
  )
  .delete(
    '/:name',
    can('target:edit'),
    describe({ tag: 'targets', summary: 'Remove a target', answers: { 204: 'Removed' } }),
    async (c) => {
      await deleteTarget(c.var.services.database.sql, PROJECT, c.req.param('name'), null, auditOf(c));
      return c.body(null, 204);
    },
  );

async function requireTarget({ database }: Services, name: string): Promise<TargetRow> {
  const target = await findTarget(database.sql, PROJECT, name);
  if (!target) throw notFound(`no target ${name}`);
  return target;
}

async function requireCredential({ database }: Services, name: string | null): Promise<void> {
  if (name !== null && !(await findCredential(database.sql, PROJECT, name)))
    throw new HttpProblem(422, `credential: no credential ${name}`);
}
