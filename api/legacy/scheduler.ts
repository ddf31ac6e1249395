import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { STEP_SPECS } from '#activities/catalog.ts';
import { countRuns } from '#db/queries/run-counts.ts';
import { validateDefinition } from '#jobs/definition.ts';
import { convert, UNKNOWN_STEPS, type UnknownSteps, unknownTypes } from '#jobs/foreign/read-foreign.ts';
import type { JsonObject } from '#jobs/json.ts';
import { errorAt, InvalidInput } from '#jobs/problem.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { signedIn } from '../access/identity.ts';
import { prepareOwnDefinition } from '../definitions.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { checkParts } from '../health.ts';
import { HttpProblem } from '../problem.ts';
import { PROJECT } from '../project.ts';
import { refuseAuthorsOwn } from '../routes/run-starts.ts';
import { startRun } from '../runs/start-run.ts';
import { ConversionReport } from '../views/conversion.ts';
import { instant, jsonObject } from '../views/json.ts';
import { keepWithCron } from './cron-schedule.ts';
import { pageOfRuns } from './find.ts';
import { LegacyPaging, LegacyStats, LegacyStatusWord, legacyStats, legacyStatus } from './words.ts';

const Execution = z.object({
  execution_id: z.number(),
  job_name: z.string(),
  status: LegacyStatusWord,
  message: z.string().nullable(),
  created_at: instant,
  started_at: instant.nullable(),
  completed_at: instant.nullable(),
});

const Accepted = z.object({ success: z.literal(true), execution_id: z.number(), status: LegacyStatusWord, report: ConversionReport });
const ByCron = z.object({
  success: z.literal(true),
  execution_id: z.null(),
  schedule: z.string(),
  next_run_at: instant.nullable(),
  report: ConversionReport,
});
const Scheduled = z.looseObject({
  schedule: z.looseObject({
    scheduled_for: z.iso.datetime({ offset: true }).optional(),
    cron_expression: z.string().optional(),
    timezone: z.string().optional(),
  }),
});
const UnknownStepsQuery = z.strictObject({ unknown_steps: z.enum(UNKNOWN_STEPS).default('refuse') });
const tag = 'legacy';

/** The routes of the predecessor that ran definitions as they were sent, as its clients call them. */
export const legacyScheduler = new Hono<Env>()
  .post(
    '/api/v2/jobs/execute',
    can('run:start'),
    describe({ tag, summary: 'Run a job of the step_type style at once', answers: { 202: Accepted } }),
    query(UnknownStepsQuery),
    body(jsonObject),
    async (c) => {
      return c.json(await accept(c, c.req.valid('json'), c.req.valid('query').unknown_steps, null), 202);
    },
  )
  .post(
    '/api/v2/jobs/schedule',
    can('run:start'),
    describe({
      tag,
      summary:
        'Run a job of the step_type style once, at `schedule.scheduled_for`; or keep it with a schedule, by `schedule.cron_expression`',
      answers: { 202: z.union([Accepted, ByCron]) },
    }),
    query(UnknownStepsQuery),
    body(Scheduled),
    async (c) => {
      const { schedule, ...given } = c.req.valid('json');
      const { scheduled_for, cron_expression, timezone } = schedule;
      if ((scheduled_for === undefined) === (cron_expression === undefined)) {
        throw new InvalidInput([errorAt('/schedule', 'write either scheduled_for, such as 2026-12-24T18:00:00Z, or cron_expression')]);
      }
      const { unknown_steps } = c.req.valid('query');
      if (cron_expression === undefined) return c.json(await accept(c, given as JsonObject, unknown_steps, scheduled_for ?? null), 202);
      requireEditor(c);
      const { definition, notes } = convert('step-type-style', given as JsonObject, STEP_SPECS, unknown_steps);
      const kept = await keepWithCron(c.var.services, definition, { cron_expression, timezone }, auditOf(c));
      return c.json(
        { success: true as const, execution_id: null, schedule: kept.name, next_run_at: kept.next_at, report: [...notes] },
        202,
      );
    },
  )
  .post(
    '/api/v2/jobs/validate',
    can('job:read'),
    describe({
      tag,
      summary: 'Whether a job of the step_type style could run',
      answers: {
        200: z.object({ valid: z.boolean(), errors: z.array(z.string()), warnings: z.array(z.string()), report: ConversionReport }),
      },
    }),
    body(jsonObject),
    (c) => c.json(judged(c.req.valid('json'))),
  )
  .get(
    '/api/v2/execution/status',
    can('run:read'),
    describe({
      tag,
      summary: 'Executions, newest first, by page',
      answers: { 200: z.object({ executions: z.array(Execution), total: z.number(), page: z.number(), size: z.number() }) },
    }),
    query(z.strictObject(LegacyPaging)),
    async (c) => {
      const { page, size, status } = c.req.valid('query');
      const { items, total } = await pageOfRuns(c.var.services, { page, size, status });
      const executions = items.map((run) => ({
        execution_id: run.number,
        job_name: run.title ?? run.job,
        status: legacyStatus(run.status),
        message: run.error_message ?? run.message,
        created_at: run.created_at,
        started_at: run.started_at,
        completed_at: run.ended_at,
      }));
      return c.json({ executions, total, page, size });
    },
  )
  .get(
    '/api/v2/steps/types',
    can('job:read'),
    describe({
      tag,
      summary: 'The step types there are',
      answers: { 200: z.object({ step_types: z.array(z.object({ type: z.string(), name: z.string(), config_schema: jsonObject })) }) },
    }),
    (c) => {
      const types = Object.values(STEP_SPECS).map(({ type, title, config }) => ({
        type,
        name: title,
        config_schema: config as unknown as JsonObject,
      }));
      return c.json({ step_types: types });
    },
  )
  .get(
    '/api/v2/performance/summary',
    can('run:read'),
    describe({ tag, summary: 'How runs fare', answers: { 200: LegacyStats } }),
    async (c) => c.json(legacyStats(await countRuns(c.var.services.database.read, PROJECT))),
  )
  .get(
    '/api/v2/health',
    can('run:read'),
    describe({
      tag,
      summary: 'Whether every part a run needs is there',
      answers: { 200: z.object({ status: z.enum(['healthy', 'unhealthy']), checks: z.record(z.string(), z.boolean()) }) },
    }),
    async (c) => {
      const checks = await checkParts(c.var.services);
      const healthy = checks.every(({ ok }) => ok);
      const status = healthy ? ('healthy' as const) : ('unhealthy' as const);
      return c.json({ status, checks: Object.fromEntries(checks.map(({ name, ok }) => [name, ok])) });
    },
  );

/** What is kept takes more than a start. */
function requireEditor(c: Context<Env>): void {
  const { actor, permissions } = signedIn(c);
  for (const needed of ['job:edit', 'schedule:edit'] as const) {
    if (!permissions.has(needed)) throw new HttpProblem(403, `${actor} lacks the permission ${needed}`);
  }
}

/** Accepts a run of what was sent, to start at once or at a moment. */
async function accept(c: Context<Env>, given: JsonObject, unknownSteps: UnknownSteps, scheduled_for: string | null) {
  const { definition: own, notes } = convert('step-type-style', given, STEP_SPECS, unknownSteps);
  const { definition, plan } = prepareOwnDefinition(own, undefined);
  refuseAuthorsOwn(signedIn(c), plan);
  const title = definition.title ?? null;
  const job = { id: null, version: null, name: definition.name, title, active: true, sample: false, plan, definition };
  const asked = { parameters: {}, target: null, client: null, ref_num: null, message: null, priority: null, trigger: 'api' } as const;
  const run = await startRun(c.var.services, job, { ...asked, scheduled_for }, auditOf(c), null);
  return { success: true as const, execution_id: run.number, status: legacyStatus(run.status), report: [...notes] };
}

/** What a save would say, and what has no counterpart here. */
function judged(given: JsonObject) {
  const made = convert('step-type-style', given, STEP_SPECS, 'leave_out');
  const { problems } = validateDefinition(made.definition, STEP_SPECS);
  const errors = [...unknownTypes(made), ...problems.filter(({ severity }) => severity === 'error')].map(({ message }) => message);
  const warnings = problems.filter(({ severity }) => severity === 'warning').map(({ message }) => message);
  return { valid: errors.length === 0, errors, warnings, report: [...made.notes] };
}
