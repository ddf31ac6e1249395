import { Hono } from 'hono';
import { z } from 'zod';
import { addStatusEntry } from '#db/queries/add-status-entry.ts';
import { deleteRun } from '#db/queries/delete-run.ts';
import { findJob } from '#db/queries/find-job.ts';
import type { RunSummary } from '#db/queries/list-runs.ts';
import { listSteps } from '#db/queries/list-steps.ts';
import { listNumberedRuns } from '#db/queries/numbered-runs.ts';
import { readLog } from '#db/queries/read-log.ts';
import { countRuns } from '#db/queries/run-counts.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { signedIn } from '../access/identity.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { conflict, HttpProblem, notFound } from '../problem.ts';
import { PROJECT } from '../project.ts';
import { retryRun } from '../runs/retry-run.ts';
import { requireRun } from '../runs/run-view.ts';
import { startRun } from '../runs/start-run.ts';
import { StartTarget } from '../runs/start-target.ts';
import { steerRun } from '../runs/steer-run.ts';
import { instant, jsonObject } from '../views/json.ts';
import { pageOfRuns, runNumbered } from './find.ts';
import { LEGACY_STATUSES, LegacyPaging, LegacyStats, LegacyStatusWord, legacyStats, legacyStatus, statusesOf } from './words.ts';

const DashboardJob = z.object({
  id: z.number(),
  name: z.string(),
  priority: z.number(),
  client: z.string().nullable(),
  ref_num: z.string().nullable(),
  message: z.string().nullable(),
  retry_count: z.number(),
  result_data: z.unknown().optional(),
  latest_status: z.object({ status: LegacyStatusWord, message: z.string().nullable(), progress: z.number(), timestamp: instant }),
  created_at: instant,
  updated_at: instant,
});

const DashboardPage = z.object({ items: z.array(DashboardJob), total: z.number(), page: z.number(), size: z.number() });
const tag = 'legacy';

const ORDERINGS = ['-created_at', 'created_at'] as const;
/** Lines of each step that are shown; who wants more reads the run's own log. */
const LINES_OF_A_STEP = 500;
const STEPS_SHOWN = 100;

const shown = (run: RunSummary): z.infer<typeof DashboardJob> => ({
  id: run.number,
  name: run.title ?? run.job,
  priority: run.priority,
  client: run.client,
  ref_num: run.ref_num,
  message: run.message,
  retry_count: run.retry_count,
  latest_status: {
    status: legacyStatus(run.status),
    message: run.error_message ?? run.message,
    progress: run.progress,
    timestamp: run.updated_at,
  },
  created_at: run.created_at,
  updated_at: run.updated_at,
});

/** The routes of the predecessor that was a dashboard of jobs, each a run here, as its clients call them. */
export const legacyDashboard = new Hono<Env>()
  .get(
    '/api/jobs/',
    can('run:read'),
    describe({ tag, summary: 'Jobs by page, each with its latest status', answers: { 200: DashboardPage } }),
    query(z.strictObject({ ...LegacyPaging, ordering: z.enum(ORDERINGS).default('-created_at') })),
    async (c) => {
      const { status, page, size, ordering } = c.req.valid('query');
      const { items, total } = await pageOfRuns(c.var.services, { page, size, status }, ordering === '-created_at');
      return c.json({ items: items.map(shown), total, page, size });
    },
  )
  .post(
    '/api/jobs/',
    can('run:start'),
    describe({ tag, summary: 'Start the job of this name', answers: { 201: DashboardJob } }),
    body(
      z.looseObject({
        name: z.string().min(1).max(200),
        parameters: jsonObject.default({}),
        target: StartTarget,
        priority: z.int().min(1).max(10).nullable().default(null),
        client: z.string().max(200).nullable().default(null),
        ref_num: z.string().max(200).nullable().default(null),
        message: z.string().max(1000).nullable().default(null),
      }),
    ),
    async (c) => {
      const { services } = c.var;
      const { name, parameters, target, priority, client, ref_num, message } = c.req.valid('json');
      const job = await findJob(services.database.sql, PROJECT, name);
      if (!job) throw notFound(`no job ${name}`);
      const asked = { trigger: 'api' as const, parameters, target, priority, client, ref_num, message };
      const run = await startRun(services, job, asked, auditOf(c, message), null);
      return c.json(shown(run), 201);
    },
  )
  .get(
    '/api/jobs/stats/',
    can('run:read'),
    describe({ tag, summary: 'How many jobs there are by status', answers: { 200: LegacyStats } }),
    async (c) => c.json(legacyStats(await countRuns(c.var.services.database.read, PROJECT))),
  )
  .get(
    '/api/jobs/queue/',
    can('run:read'),
    describe({ tag, summary: 'Jobs that have not begun, the oldest first', answers: { 200: z.object({ items: z.array(DashboardJob) }) } }),
    async (c) => {
      const { items } = await listNumberedRuns(c.var.services.database.read, {
        project: PROJECT,
        statuses: statusesOf('PENDING'),
        newestFirst: false,
        offset: 0,
        limit: 100,
        most: 0,
      });
      return c.json({ items: items.map(shown) });
    },
  )
  .patch(
    '/api/jobs/:id/',
    can('run:steer'),
    describe({ tag, summary: 'Add a status with message and progress; CANCELLED cancels', answers: { 200: DashboardJob } }),
    body(
      z.strictObject({
        status: z.enum(LEGACY_STATUSES),
        message: z.string().max(1000).nullable().default(null),
        progress: z.int().min(0).max(100).nullable().default(null),
      }),
    ),
    async (c) => {
      const { services } = c.var;
      const { status, message, progress } = c.req.valid('json');
      const run = await runNumbered(services, c.req.param('id'));
      const is = legacyStatus(run.status);
      if (status === 'CANCELLED' && is !== 'CANCELLED') {
        const { actor, permissions } = signedIn(c);
        if (!permissions.has('run:cancel')) throw new HttpProblem(403, `${actor} lacks the permission run:cancel`);
        await steerRun(services, run, 'cancel', auditOf(c, message));
      } else if (status !== is)
        throw conflict(`run ${run.number} is ${is}; its status follows what it does and cannot be set to ${status}`);
      else await addStatusEntry(services.database.sql, run, { message, progress }, auditOf(c, message));
      return c.json(shown(await requireRun(services, run.id)));
    },
  )
  .post('/api/jobs/:id/cancel/', can('run:cancel'), describe({ tag, summary: 'Cancel', answers: { 202: DashboardJob } }), async (c) => {
    const run = await runNumbered(c.var.services, c.req.param('id'));
    await steerRun(c.var.services, run, 'cancel', auditOf(c));
    return c.json(shown(await requireRun(c.var.services, run.id)), 202);
  })
  .post('/api/jobs/:id/retry/', can('run:start'), describe({ tag, summary: 'Run again', answers: { 201: DashboardJob } }), async (c) => {
    const { services } = c.var;
    const run = await runNumbered(services, c.req.param('id'));
    const again = await retryRun(services, run, { reason: null, only: null, parameters: {} }, auditOf(c), null);
    return c.json(shown(again), 201);
  })
  .get(
    '/api/jobs/:id/logs/',
    can('run:read'),
    describe({
      tag,
      summary: 'What the steps wrote, as far as it is short',
      answers: {
        200: z.object({
          items: z.array(z.object({ timestamp: instant, level: z.string(), message: z.string(), context: z.object({ step: z.string() }) })),
        }),
      },
    }),
    async (c) => {
      const { database } = c.var.services;
      const run = await runNumbered(c.var.services, c.req.param('id'));
      const steps = await listSteps(database.sql, run.id);
      const keys = ['', ...steps.filter(({ log_lines }) => log_lines > 0).map(({ key }) => key)].slice(0, STEPS_SHOWN);
      const pages = await Promise.all(
        keys.map(async (key) => ({ key, page: await readLog(database.sql, run.id, key, 1, LINES_OF_A_STEP) })),
      );
      const items = pages.flatMap(({ key, page }) =>
        page.items.map(({ at, level, text }) => ({ timestamp: at, level, message: text, context: { step: key } })),
      );
      return c.json({ items });
    },
  )
  .delete('/api/jobs/:id/', can('run:delete'), describe({ tag, summary: 'Delete an ended job', answers: { 204: 'Gone' } }), async (c) => {
    const run = await runNumbered(c.var.services, c.req.param('id'));
    await deleteRun(c.var.services.database.sql, PROJECT, run.id, auditOf(c));
    return c.body(null, 204);
  });
