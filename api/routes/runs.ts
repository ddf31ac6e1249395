import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { bounded } from '#db/bounded.ts';
import { deleteRun } from '#db/queries/delete-run.ts';
import type { RunWithPlan } from '#db/queries/find-run.ts';
import { listHistory } from '#db/queries/list-history.ts';
import { listRuns, RUN_EXTRAS, RUN_SORTS } from '#db/queries/list-runs.ts';
import { blockersOf } from '#db/queries/locks/blockers-of.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { signedIn } from '../access/identity.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { hasCurrent, tagOf } from '../middleware/etag.ts';
import { ONCE, once } from '../once.ts';
import { orDoneBefore } from '../or-changed-before.ts';
import { PROJECT } from '../project.ts';
import { requireRun, viewOfRun } from '../runs/run-view.ts';
import { steerRun } from '../runs/steer-run.ts';
import { requireOnePlace, TwoWayPaging } from '../views/paging.ts';
import { RunPage, RunView } from '../views/run.ts';
import { RUN_FILTERS, wantedRuns } from '../views/runs-filter.ts';
import { HistoryEntry } from '../views/step.ts';

const RunsQuery = z.strictObject({
  ...TwoWayPaging,
  ...RUN_FILTERS,
  sort: z.enum(RUN_SORTS).optional(),
  extras: z
    .enum(RUN_EXTRAS)
    .transform((extra) => [extra])
    .optional()
    .meta({ description: 'shown beside the summary' }),
});

/** Longer than this nobody waits for a page. */
const LIST_MS = 3_000;

/** Why a person does something; rows, history and audit keep it. */
const Reason = z.strictObject({ reason: z.string().max(1000).optional() });

const Cancel = Reason.extend({
  force: z.boolean().default(false).meta({
    description: 'end it without undoing, handling or cleaning up anything, also when that is under way already',
  }),
});

const steering = (summary: string) =>
  describe({ tag: 'runs', summary: `${summary}; ${ONCE}`, answers: { 202: 'Told; the run’s status says when it has happened' } });

/** What ran and what runs. */
export const runs = new Hono<Env>()
  .get(
    '/',
    can('run:read'),
    describe({ tag: 'runs', summary: 'Runs, newest first, a page at a time both ways', answers: { 200: RunPage } }),
    query(RunsQuery),
    async (c) => {
      const { after, before, from, sort, extras, limit, ...filter } = c.req.valid('query');
      requireOnePlace({ after, before, from });
      const page = await bounded(c.var.services.database.read, LIST_MS, async (tx) =>
        listRuns(tx, {
          ...(await wantedRuns(tx, PROJECT, signedIn(c), filter)),
          project: PROJECT,
          after,
          before,
          from,
          sort,
          extras,
          limit,
        }),
      );
      return c.json(page);
    },
  )
  .get('/:id', can('run:read'), describe({ tag: 'runs', summary: 'One run', answers: { 200: RunView } }), async (c) => {
    const run = await requireRun(c.var.services, c.req.param('id'));
    const blocked_by = run.ended_at === null ? await blockersOf(c.var.services.database.sql, run.id) : [];
    // Whom a run waits for changes without it.
    if (hasCurrent(c, tagOf(run.seq, Date.parse(run.updated_at), ...blocked_by))) return c.body(null, 304);
    return c.json({ ...viewOfRun(run, c.var.services, signedIn(c)), blocked_by: [...blocked_by] });
  })
  .delete(
    '/:id',
    can('run:delete'),
    describe({
      tag: 'runs',
      summary: 'Delete an ended run with its steps and logs; with the same `Idempotency-Key` it is done once',
      answers: { 204: 'Gone' },
    }),
    async (c) => {
      await orDoneBefore(c, {}, async (key) => {
        const run = await requireRun(c.var.services, c.req.param('id'));
        await deleteRun(c.var.services.database.sql, PROJECT, run.id, auditOf(c), key);
      });
      return c.body(null, 204);
    },
  )
  .get(
    '/:id/history',
    can('run:read'),
    describe({ tag: 'runs', summary: 'Every change of status, in order', answers: { 200: z.object({ items: z.array(HistoryEntry) }) } }),
    query(
      z.strictObject({
        from_seq: z.coerce
          .number()
          .int()
          .min(0)
          .max(2_000_000_000)
          .default(0)
          .meta({ description: 'only what has this `seq` or a later one, or none' }),
      }),
    ),
    async (c) => {
      const run = await requireRun(c.var.services, c.req.param('id'));
      const rows = await listHistory(c.var.services.database.read, run.id, c.req.valid('query').from_seq);
      return c.json({ items: rows.map(({ run_id: _, ...entry }) => entry) });
    },
  )
  .post('/:id/cancel', can('run:cancel'), steering('Stop a run; steps in flight are ended'), body(Cancel), async (c) => {
    const { reason, force } = c.req.valid('json');
    const run = await requireRun(c.var.services, c.req.param('id'));
    await once(c, run, { reason, force }, async () => {
      await steerRun(c.var.services, run, 'cancel', auditOf(c, reason), { force });
      return {};
    });
    return c.body(null, 202);
  })
  .post('/:id/pause', can('run:steer'), steering('Start no further step until resumed'), body(Reason), async (c) => {
    const run = await requireRun(c.var.services, c.req.param('id'));
    await holdRun(c, run, 'pause', c.req.valid('json').reason);
    return c.body(null, 202);
  })
  .post('/:id/resume', can('run:steer'), steering('Let a paused run go on'), body(Reason), async (c) => {
    const run = await requireRun(c.var.services, c.req.param('id'));
    await holdRun(c, run, 'resume', c.req.valid('json').reason);
    return c.body(null, 202);
  });

const holdRun = (c: Context<Env>, run: RunWithPlan, move: 'pause' | 'resume', reason: string | undefined): Promise<object> =>
  once(c, run, { reason }, async () => {
    await steerRun(c.var.services, run, move, auditOf(c, reason));
    return {};
  });
