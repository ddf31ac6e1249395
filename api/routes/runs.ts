import { Hono } from 'hono';
import { z } from 'zod';
import { deleteRun } from '#db/queries/delete-run.ts';
import { listHistory } from '#db/queries/list-history.ts';
import { listRuns, RUN_SORTS } from '#db/queries/list-runs.ts';
import { blockersOf } from '#db/queries/locks/blockers-of.ts';
import { RUN_STATUSES } from '#jobs/run-state.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { signedIn } from '../access/identity.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { hasCurrent, tagOf } from '../middleware/etag.ts';
import { PROJECT } from '../project.ts';
import { requireRun, viewOfRun } from '../runs/run-view.ts';
import { steerRun } from '../runs/steer-run.ts';
import { Paging } from '../views/paging.ts';
import { RunPage, RunView } from '../views/run.ts';
import { HistoryEntry } from '../views/step.ts';

const statuses = z
  .string()
  .meta({ description: 'one or more of the statuses, separated by commas' })
  .transform((text) => [...new Set(text.split(','))])
  .pipe(z.array(z.enum(RUN_STATUSES)).max(RUN_STATUSES.length));

/** The ids of runs begin with their time, which has room for no earlier one. */
const moment = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .refine((at) => at.getTime() >= 0, 'expected a moment from 1970 to 9999');

const RunsQuery = z.strictObject({
  ...Paging,
  status: statuses.optional(),
  number: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  job: z.string().max(100).optional(),
  client: z.string().max(200).optional(),
  ref_num: z.string().max(200).optional(),
  created_by: z.string().max(200).optional(),
  parent: z.uuid().optional().meta({ description: 'runs that steps of this one started' }),
  chain_source: z.uuid().optional().meta({ description: 'runs that the end of this one started' }),
  schedule: z.string().max(100).optional().meta({ description: 'runs that the schedule of this name started' }),
  since: moment.optional(),
  until: moment.optional(),
  sort: z.enum(RUN_SORTS).optional(),
});

/** Why a person does something; rows, history and audit keep it. */
const Reason = z.strictObject({ reason: z.string().max(1000).optional() });

const Cancel = Reason.extend({
  force: z.boolean().default(false).meta({
    description: 'end it without undoing, handling or cleaning up anything, also when that is under way already',
  }),
});

const steering = (summary: string) =>
  describe({ tag: 'runs', summary, answers: { 202: 'Told; the run’s status says when it has happened' } });

/** What ran and what runs. */
export const runs = new Hono<Env>()
  .get(
    '/',
    can('run:read'),
    describe({ tag: 'runs', summary: 'Runs, newest first', answers: { 200: RunPage } }),
    query(RunsQuery),
    async (c) => {
      const { status, ...rest } = c.req.valid('query');
      return c.json(await listRuns(c.var.services.database.read, { project: PROJECT, statuses: status, ...rest }));
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
    describe({ tag: 'runs', summary: 'Delete an ended run with its steps and logs', answers: { 204: 'Gone' } }),
    async (c) => {
      const run = await requireRun(c.var.services, c.req.param('id'));
      await deleteRun(c.var.services.database.sql, PROJECT, run.id, auditOf(c));
      return c.body(null, 204);
    },
  )
  .get(
    '/:id/history',
    can('run:read'),
    describe({ tag: 'runs', summary: 'Every change of status, in order', answers: { 200: z.object({ items: z.array(HistoryEntry) }) } }),
    async (c) => {
      const run = await requireRun(c.var.services, c.req.param('id'));
      const rows = await listHistory(c.var.services.database.read, run.id);
      return c.json({ items: rows.map(({ run_id: _, ...entry }) => entry) });
    },
  )
  .post('/:id/cancel', can('run:cancel'), steering('Stop a run; steps in flight are ended'), body(Cancel), async (c) => {
    const { reason, force } = c.req.valid('json');
    const run = await requireRun(c.var.services, c.req.param('id'));
    await steerRun(c.var.services, run, 'cancel', auditOf(c, reason), { force });
    return c.body(null, 202);
  })
  .post('/:id/pause', can('run:steer'), steering('Start no further step until resumed'), body(Reason), async (c) => {
    const run = await requireRun(c.var.services, c.req.param('id'));
    await steerRun(c.var.services, run, 'pause', auditOf(c, c.req.valid('json').reason));
    return c.body(null, 202);
  })
  .post('/:id/resume', can('run:steer'), steering('Let a paused run go on'), body(Reason), async (c) => {
    const run = await requireRun(c.var.services, c.req.param('id'));
    await steerRun(c.var.services, run, 'resume', auditOf(c, c.req.valid('json').reason));
    return c.body(null, 202);
  });
