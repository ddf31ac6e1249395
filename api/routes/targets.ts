import { Hono } from 'hono';
import { z } from 'zod';
import { changeTargets, LEFT_AS_IT_WAS, MOST_CHANGED } from '#db/queries/change-targets.ts';
import { listTargets } from '#db/queries/list-targets.ts';
import { deleteTarget, saveTarget } from '#db/queries/save-target.ts';
import { TARGET_KINDS } from '#jobs/step.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { hasCurrent, requireMatch, tagOf } from '../middleware/etag.ts';
import { orChangedBefore, orDoneBefore } from '../or-changed-before.ts';
import { PROJECT } from '../project.ts';
import { chosenTargets, requireSound, requireTarget } from '../targets.ts';
import { flag, pageOf } from '../views/json.ts';
import { searchedIn } from '../views/paging.ts';
import { TargetContent, TargetName, TargetSummary, TargetView } from '../views/target.ts';
import { ChosenBy, TargetsChosen } from '../views/target-choice.ts';

const TargetsQuery = z.strictObject({
  ...searchedIn('name, host, kind or a tag'),
  kind: z.enum(TARGET_KINDS).optional(),
  tag: z.string().max(50).optional(),
  device_type: z.string().max(50).optional(),
  credential: z.string().max(100).optional(),
  enabled: flag.optional(),
  healthy: flag.optional().meta({ description: 'as found at the last look' }),
});

const tag = TargetContent.shape.tags.unwrap().element;
const Change = z
  .strictObject({
    targets: z.array(TargetName).min(1).max(MOST_CHANGED).meta({ description: 'their names' }),
    enabled: z.boolean().optional(),
    add_tag: tag.optional(),
    remove_tag: tag.optional(),
    dry_run: z.boolean().default(false).meta({ description: 'change nothing, only say what would change' }),
  })
  .refine(
    ({ enabled, add_tag, remove_tag }) => [enabled, add_tag, remove_tag].filter((one) => one !== undefined).length === 1,
    'expected one of enabled, add_tag and remove_tag',
  );

/** What became of targets that were to be changed together. */
export const TargetsChanged = z
  .object({
    changed: z.array(z.string()).meta({ description: 'names' }),
    left_alone: z.array(z.object({ because: z.enum(LEFT_AS_IT_WAS), targets: z.array(z.string()) })),
  })
  .meta({ id: 'TargetsChanged' });

/** Where steps run: named connection profiles. */
export const targets = new Hono<Env>()
  .get(
    '/',
    can('target:read'),
    describe({ tag: 'targets', summary: 'Targets by name', answers: { 200: pageOf(TargetSummary) } }),
    query(TargetsQuery),
    async (c) => {
      const { q: text, ...rest } = c.req.valid('query');
      return c.json(await listTargets(c.var.services.database.read, { project: PROJECT, text, ...rest }));
    },
  )
  .post(
    '/',
    can('target:edit'),
    describe({
      tag: 'targets',
      summary: 'Add a target; with the same `Idempotency-Key` and body it is added once',
      answers: { 201: TargetView },
    }),
    body(TargetContent.extend({ name: TargetName })),
    async (c) => {
      const target = c.req.valid('json');
      requireSound(target);
      const made = await orChangedBefore(c, target, (key) =>
        saveTarget(c.var.services.database.sql, PROJECT, target, null, auditOf(c), key),
      );
      c.header('Location', `${c.req.path}/${made.name}`);
      c.header('ETag', tagOf(made.version));
      return c.json(made, 201);
    },
  )
  .post(
    '/change',
    can('target:edit'),
    describe({
      tag: 'targets',
      summary:
        'Switch many targets on or off, or give them a tag or take it from them; sent again it changes nothing more, and with the same `Idempotency-Key` and body is answered as it was',
      answers: { 200: TargetsChanged },
    }),
    body(Change),
    async (c) => {
      const { targets: names, dry_run, ...change } = c.req.valid('json');
      const { sql } = c.var.services.database;
      const all = [...new Set(names)];
      const { changed, left_alone } = dry_run
        ? await changeTargets(sql, PROJECT, all, change, true, auditOf(c))
        : await orChangedBefore(c, { all, change }, (key) => changeTargets(sql, PROJECT, all, change, false, auditOf(c), key));
      return c.json({ changed: [...changed], left_alone: left_alone.map((left) => ({ ...left, targets: [...left.targets] })) });
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
    describe({
      tag: 'targets',
      summary: 'Replace a target; with the same `Idempotency-Key` and body it is done once',
      answers: { 200: TargetView },
    }),
    body(TargetContent),
    async (c) => {
      const content = c.req.valid('json');
      const target = await requireTarget(c.var.services, c.req.param('name'));
      requireSound(content);
      const saved = await orChangedBefore(c, content, async (key) => {
        requireMatch(c, tagOf(target.version));
        return saveTarget(c.var.services.database.sql, PROJECT, { name: target.name, ...content }, target.version, auditOf(c), key);
      });
      c.header('ETag', tagOf(saved.version));
      return c.json(saved);
    },
  )
  .delete(
    '/:name',
    can('target:edit'),
    describe({ tag: 'targets', summary: 'Remove a target; with the same `Idempotency-Key` it is done once', answers: { 204: 'Removed' } }),
    async (c) => {
      const { sql } = c.var.services.database;
      await orDoneBefore(c, {}, (key) => deleteTarget(sql, { project: PROJECT, name: c.req.param('name'), audit: auditOf(c) }, key));
      return c.body(null, 204);
    },
  );
