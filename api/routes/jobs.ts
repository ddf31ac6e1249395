import { Hono } from 'hono';
import { z } from 'zod';
import { STEP_SPECS } from '#activities/catalog.ts';
import { findJob } from '#db/queries/find-job.ts';
import { listJobs } from '#db/queries/list-jobs.ts';
import { isSameDefinition } from '#db/queries/save-job.ts';
import { refuseCycle } from '#db/queries/sub-job-cycle.ts';
import { switchJob } from '#db/queries/switch-job.ts';
import { compile } from '#jobs/compile.ts';
import type { JobDefinition } from '#jobs/definition.ts';
import { HEALTHS } from '#jobs/health.ts';
import { InvalidInput, type Problem } from '#jobs/problem.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { checkDefinition, DEFINITION_TYPES, prepareDefinition, readDefinition } from '../definitions.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { createFrom, healthToday, jobTagOf, requireJob, saveOver, viewOfJob } from '../jobs.ts';
import { hasCurrent, requireMatch } from '../middleware/etag.ts';
import { orChangedBefore } from '../or-changed-before.ts';
import { HttpProblem } from '../problem.ts';
import { PROJECT } from '../project.ts';
import type { Services } from '../services.ts';
import { JobPage, JobSaved, JobView, Validation } from '../views/job.ts';
import { flag } from '../views/json.ts';
import { requireOnePlace, TwoWayPaging } from '../views/paging.ts';

const JobsQuery = z.strictObject({
  ...TwoWayPaging,
  q: z.string().max(200).optional().meta({ description: 'part of name, title, description or a tag' }),
  category: z.string().optional().meta({ description: 'with all that stand below it' }),
  tag: z.string().optional(),
  health: z.enum([...HEALTHS, 'unknown']).optional(),
  active: flag.optional(),
  step_type: z.string().max(100).optional().meta({ description: 'the type of one of its steps' }),
  updated_by: z.string().max(200).optional().meta({ description: 'who changed it last' }),
  recent: z.coerce
    .number()
    .int()
    .min(1)
    .max(50)
    .optional()
    .meta({ description: 'tell so many of each job’s newest runs, and when a schedule starts it next' }),
});

/** Named definitions. */
export const jobs = new Hono<Env>()
  .get(
    '/',
    can('job:read'),
    describe({ tag: 'jobs', summary: 'Jobs by name, each with its newest run, a page at a time both ways', answers: { 200: JobPage } }),
    query(JobsQuery),
    async (c) => {
      const { q, step_type: stepType, updated_by: updatedBy, ...rest } = c.req.valid('query');
      requireOnePlace(rest);
      const { items, next, prev } = await listJobs(c.var.services.database.read, {
        project: PROJECT,
        text: q,
        stepType,
        updatedBy,
        ...rest,
      });
      return c.json({
        items: items.map(({ deleted_at: _, purge_asked_at: _purge, health_findings: _findings, recent_runs, ...job }) => ({
          ...job,
          ...(recent_runs && { recent_runs: [...recent_runs] }),
        })),
        next,
        prev,
      });
    },
  )
  .post(
    '/',
    can('job:edit'),
    describe({
      tag: 'jobs',
      summary: 'Create a job from YAML text, {source} or the definition as JSON; with the same `Idempotency-Key` and body it is made once',
      takes: DEFINITION_TYPES,
      answers: { 201: JobView },
    }),
    async (c) => {
      const job = prepareDefinition(await readDefinition(c), c.req.query('sample') === 'true');
      return c.json(await createFrom(c, job, (name) => `${c.req.path}/${name}`, auditOf(c, job.message ?? null)), 201);
    },
  )
  .post(
    '/validate',
    can('job:read'),
    describe({
      tag: 'jobs',
      summary: 'Check a definition as a save would, and save nothing',
      takes: DEFINITION_TYPES,
      answers: { 200: Validation },
    }),
    async (c) => {
      const { definition, problems: own } = checkDefinition(await readDefinition(c));
      const problems = hasErrors(own) ? own : [...own, ...(await cycleProblems(c.var.services, definition))];
      const valid = !hasErrors(problems);
      if (!valid) return c.json({ valid, name: definition.name, problems, definition: null, would: null, today: null });
      const [would, today] = await Promise.all([saveWould(c.var.services, definition), healthToday(c.var.services, definition)]);
      return c.json({ valid, name: definition.name, problems, definition, would, today });
    },
  )
  .get(
    '/:name',
    can('job:read'),
    describe({ tag: 'jobs', summary: 'A job at its current version', answers: { 200: JobView } }),
    async (c) => {
      const job = await requireJob(c.var.services, c.req.param('name'));
      if (hasCurrent(c, jobTagOf(job))) return c.body(null, 304);
      return c.json(viewOfJob(job));
    },
  )
  .put(
    '/:name',
    can('job:edit'),
    describe({
      tag: 'jobs',
      summary:
        'Save the next version; a definition that says what the current one says makes none, and the answer says so; with the same `Idempotency-Key` and body it is saved once',
      takes: DEFINITION_TYPES,
      answers: { 200: JobSaved },
    }),
    async (c) => {
      const name = c.req.param('name');
      const job = prepareDefinition(await readDefinition(c));
      if (job.definition.name !== name) {
        throw new HttpProblem(422, `name: "${job.definition.name}" cannot replace ${name}; a job keeps its name`);
      }
      const requireCurrent = async () => {
        const current = await requireJob(c.var.services, name);
        requireMatch(c, jobTagOf(current));
        return current;
      };
      return c.json(await saveOver(c, job, requireCurrent, auditOf(c, job.message ?? null)));
    },
  )
  .patch(
    '/:name',
    can('job:edit'),
    describe({
      tag: 'jobs',
      summary:
        'Switch a job on or off, without a new version; one that is off is not started; with the same `Idempotency-Key` and body it is done once',
      answers: { 200: JobView },
    }),
    body(z.strictObject({ active: z.boolean(), note: z.string().max(1000).optional() })),
    async (c) => {
      const { services } = c.var;
      const { active, note } = c.req.valid('json');
      const name = c.req.param('name');
      await orChangedBefore(c, { active, note }, async (key) => {
        const current = await requireJob(services, name);
        requireMatch(c, jobTagOf(current));
        await switchJob(services.database.sql, PROJECT, name, active, current.version, auditOf(c, note ?? null), key);
        return {};
      });
      const job = await requireJob(services, name);
      c.header('ETag', jobTagOf(job));
      return c.json(viewOfJob(job));
    },
  );

const hasErrors = (problems: readonly Problem[]): boolean => problems.some(({ severity }) => severity === 'error');

/** What only the other jobs make wrong: by them it would come to run itself. */
async function cycleProblems({ database }: Services, definition: JobDefinition): Promise<readonly Problem[]> {
  try {
    await refuseCycle(database.sql, PROJECT, compile(definition, STEP_SPECS));
    return [];
  } catch (error) {
    if (error instanceof InvalidInput) return error.problems;
    throw error;
  }
}

/** What a save of this definition over the job there is would do. */
async function saveWould({ database }: Services, definition: JobDefinition) {
  const current = await findJob(database.sql, PROJECT, definition.name);
  if (!current) return { action: 'create', version: 1 } as const;
  return isSameDefinition(current.definition, definition)
    ? ({ action: 'nothing', version: current.version } as const)
    : ({ action: 'new_version', version: current.version + 1 } as const);
}
