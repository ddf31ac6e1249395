import { Hono } from 'hono';
import { z } from 'zod';
import { listTargets } from '#db/queries/list-targets.ts';
import { deleteTarget, saveTarget } from '#db/queries/save-target.ts';
import { TARGET_KINDS } from '#jobs/step.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { hasCurrent, requireMatch, tagOf } from '../middleware/etag.ts';
import { PROJECT } from '../project.ts';
import { chosenTargets, requireSound, requireTarget } from '../targets.ts';
import { flag, pageOf } from '../views/json.ts';
import { Paging } from '../views/paging.ts';
import { TargetContent, TargetName, TargetSummary, TargetView } from '../views/target.ts';
import { ChosenBy, TargetsChosen } from '../views/target-choice.ts';

const TargetsQuery = z.strictObject({
  ...Paging,
  kind: z.enum(TARGET_KINDS).optional(),
  tag: z.string().max(50).optional(),
  device_type: z.string().max(50).optional(),
  credential: z.string().max(100).optional(),
  enabled: flag.optional(),
  healthy: flag.optional().meta({ description: 'as found at the last look' }),
});

/** Where steps run: named connection profiles. */
export const targets = new Hono<Env>()
  .get(
    '/',
    can('target:read'),
    describe({ tag: 'targets', summary: 'Targets by name', answers: { 200: pageOf(TargetSummary) } }),
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
      requireSound(target);
      const made = await saveTarget(c.var.services.database.sql, PROJECT, target, null, auditOf(c));
      c.header('Location', `${c.req.path}/${made.name}`);
      c.header('ETag', tagOf(made.version));
      return c.json(made, 201);
    },
  )
  .post(
    '/resolve',
    can('target:read'),
    describe({ tag: 'targets', summary: 'The targets that a choice stands for', answers: { 200: TargetsChosen } }),
    body(ChosenBy),
    async (c) => {
      const chosen = await chosenTargets(c.var.services, c.req.valid('json').target);
      return c.json({ items: chosen.map(({ name, enabled }) => ({ name, enabled })) });
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
      requireSound(content);
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
