import { Hono } from 'hono';
import { z } from 'zod';
import { STEP_SPECS } from '#activities/catalog.ts';
import { findJob } from '#db/queries/find-job.ts';
import type { RunSummary } from '#db/queries/list-runs.ts';
import { listSteps } from '#db/queries/list-steps.ts';
import { countRuns } from '#db/queries/run-counts.ts';
import { saveJob } from '#db/queries/save-job.ts';
import { listWorkers } from '#db/queries/workers.ts';
import { convert, UNKNOWN_STEPS } from '#jobs/foreign/read-foreign.ts';
import type { Json } from '#jobs/json.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { prepareDefinition } from '../definitions.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { notFound } from '../problem.ts';
import { PROJECT } from '../project.ts';
import { startRun } from '../runs/start-run.ts';
import { StartTarget } from '../runs/start-target.ts';
import { steerRun } from '../runs/steer-run.ts';
import { ConversionReport } from '../views/conversion.ts';
import { instant, jsonObject } from '../views/json.ts';
import { jobNumbered, jobNumberOf, pageOfRuns, runNumbered } from './find.ts';
import { LegacyPaging, LegacyRun, LegacyStatusWord, legacyStats, legacyStatus } from './words.ts';

const LegacyJob = z.object({
  id: z.number(),
  name: z.string(),
  title: z.string().nullable(),
  description: z.string().nullable(),
  version: z.number(),
  is_active: z.boolean(),
  created_at: instant,
  updated_at: instant,
  report: ConversionReport,
});

const LegacyStep = z.object({
  step_index: z.number(),
  step_name: z.string(),
  step_type: z.string(),
  status: z.union([LegacyStatusWord, z.literal('SKIPPED')]),
  step_config: z.unknown(),
  stdout: z.string().nullable(),
  stderr: z.string().nullable(),
  exit_code: z.number().nullable(),
  error_message: z.string().nullable(),
  started_at: instant.nullable(),
  completed_at: instant.nullable(),
  duration_ms: z.number().nullable(),
});

const LegacyRuns = z.object({ items: z.array(LegacyRun), total: z.number(), page: z.number(), size: z.number() });

const UnknownSteps = z.strictObject({ unknown_steps: z.enum(UNKNOWN_STEPS).default('refuse') });
const tag = 'legacy';

const legacyRun = (run: RunSummary, jobNumber: number | null): z.infer<typeof LegacyRun> => ({
  id: run.number,
  job_id: jobNumber,
  job_name: run.title ?? run.job,
  target_id: run.target,
  status: legacyStatus(run.status),
  error_message: run.error_message,
  created_by: run.created_by,
  total_steps: run.total_steps,
  completed_steps: run.completed_steps,
  failed_steps: run.failed_steps,
  execution_time_ms: run.execution_time_ms,
  created_at: run.created_at,
  started_at: run.started_at,
  completed_at: run.ended_at,
});

const canceling = can('run:cancel');

/** The routes of the predecessor that kept definitions, as its clients call them. */
export const legacyDefinitions = new Hono<Env>()
  .post(
    '/api/v1/jobs',
    can('job:edit'),
    describe({ tag, summary: 'Save a job of the config style', answers: { 201: LegacyJob } }),
    query(UnknownSteps),
    body(jsonObject),
    async (c) => {
      const { services } = c.var;
      const { definition, notes } = convert('config-style', c.req.valid('json'), STEP_SPECS, c.req.valid('query').unknown_steps);
      const job = prepareDefinition({ source: JSON.stringify(definition, null, 2), format: 'json', message: null });
      await saveJob(services.database.sql, PROJECT, job, null, auditOf(c));
      const made = await findJob(services.database.sql, PROJECT, job.definition.name);
      if (!made) throw notFound(`no job ${job.definition.name}`);
      const { number: id, name, title, description, version, active, created_at, updated_at } = made;
      return c.json({ id, name, title, description, version, is_active: active, created_at, updated_at, report: [...notes] }, 201);
    },
  )
  .post(
    '/api/v1/jobs/:id/run',
    can('run:start'),
    describe({ tag, summary: 'Start a job', answers: { 202: LegacyRun } }),
    body(z.looseObject({ parameters: jsonObject.default({}), target: StartTarget, target_id: z.string().nullable().default(null) })),
    async (c) => {
      const job = await jobNumbered(c.var.services, c.req.param('id'));
      const { parameters, target, target_id } = c.req.valid('json');
      const asked = { client: null, ref_num: null, message: null, priority: null, trigger: 'api' } as const;
      const run = await startRun(c.var.services, job, { parameters, target: target ?? target_id, ...asked }, auditOf(c), null);
      return c.json(legacyRun(run, job.number), 202);
    },
  )
  .get(
    '/api/v1/runs',
    can('run:read'),
    describe({ tag, summary: 'Runs, newest first, by page', answers: { 200: LegacyRuns } }),
    query(z.strictObject(LegacyPaging)),
    async (c) => {
      const { page, size, status } = c.req.valid('query');
      const { items, total } = await pageOfRuns(c.var.services, { page, size, status });
      return c.json({ items: items.map((run) => legacyRun(run, run.job_number)), total, page, size });
    },
  )
  .get('/api/v1/runs/:id', can('run:read'), describe({ tag, summary: 'One run', answers: { 200: LegacyRun } }), async (c) => {
    const run = await runNumbered(c.var.services, c.req.param('id'));
    const number = await jobNumberOf(c.var.services, run);
    return c.json({ ...legacyRun(run, number), parameters: run.parameters, result: run.result_data });
  })
  .get(
    '/api/v1/runs/:id/steps',
    can('run:read'),
    describe({ tag, summary: 'The steps of a run', answers: { 200: z.object({ items: z.array(LegacyStep) }) } }),
    async (c) => {
      const run = await runNumbered(c.var.services, c.req.param('id'));
      const steps = await listSteps(c.var.services.database.sql, run.id);
      const items = steps.map((step) => ({
        step_index: step.step_number,
        step_name: step.name,
        step_type: step.type,
        status: step.status === 'skipped' ? ('SKIPPED' as const) : legacyStatus(step.status),
        step_config: step.config as Json,
        stdout: step.stdout,
        stderr: step.stderr,
        exit_code: step.exit_code,
        error_message: step.error?.message ?? null,
        started_at: step.started_at,
        completed_at: step.ended_at,
        duration_ms: step.duration_ms,
      }));
      return c.json({ items });
    },
  )
  .delete('/api/v1/runs/:id', canceling, describe({ tag, summary: 'Cancel a run', answers: { 202: 'Told' } }), async (c) => {
    const run = await runNumbered(c.var.services, c.req.param('id'));
    await steerRun(c.var.services, run, 'cancel', auditOf(c));
    return c.body(null, 202);
  })
  .post('/api/v1/executor/cancel/:id', canceling, describe({ tag, summary: 'Cancel a run', answers: { 202: 'Told' } }), async (c) => {
    const run = await runNumbered(c.var.services, c.req.param('id'));
    await steerRun(c.var.services, run, 'cancel', auditOf(c));
    return c.body(null, 202);
  })
  .get(
    '/api/v1/executor/status',
    can('run:read'),
    describe({
      tag,
      summary: 'How many runs wait and run',
      answers: { 200: z.object({ status: z.enum(['running', 'idle']), running_jobs: z.number(), queued_jobs: z.number() }) },
    }),
    async (c) => {
      const { running, pending } = legacyStats(await countRuns(c.var.services.database.read, PROJECT));
      return c.json({
        status: running + pending > 0 ? ('running' as const) : ('idle' as const),
        running_jobs: running,
        queued_jobs: pending,
      });
    },
  )
  .get(
    '/api/v1/worker/status',
    can('worker:read'),
    describe({
      tag,
      summary: 'The workers',
      answers: {
        200: z.object({
          total_workers: z.number(),
          workers: z.array(z.object({ worker_id: z.string(), queues: z.array(z.string()), started_at: instant, last_seen_at: instant })),
        }),
      },
    }),
    async (c) => {
      const workers = await listWorkers(c.var.services.database.read);
      return c.json({
        total_workers: workers.length,
        workers: workers.map(({ id, queues, started_at, last_seen_at }) => ({
          worker_id: id,
          queues: [...queues],
          started_at,
          last_seen_at,
        })),
      });
    },
  );
