import { Hono } from 'hono';
import { z } from 'zod';
import { deleteJob } from '#db/queries/delete-job.ts';
import { jobDependants, openRunsOf } from '#db/queries/job-dependants.ts';
import { findTrashed, listTrash, restoreJob } from '#db/queries/job-trash.ts';
import { askPurge, purgeSome } from '#db/queries/purge-jobs.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { jobTagOf, requireJob, viewOfJob } from '../jobs.ts';
import { requireMatch } from '../middleware/etag.ts';
import { orChangedBefore, orDoneBefore } from '../or-changed-before.ts';
import { conflict, HttpProblem, notFound } from '../problem.ts';
import { PROJECT } from '../project.ts';
import type { Services } from '../services.ts';
import { Dependants, JobView, TrashPage } from '../views/job.ts';
import { isUuid } from '../views/json.ts';
import { Paging } from '../views/paging.ts';

const Confirmed = z.strictObject({ confirm: z.string().max(100).optional().meta({ description: 'the job’s name, typed again' }) });

/** Open runs that a preview names. */
const RUNS_SHOWN = 100;
/** How long a purge is waited for; a longer one goes on by itself. */
const PATIENCE_MS = 8_000;

/** Taking jobs away, bringing them back, and parting with them for good. */
export const jobTrash = new Hono<Env>()
  .get(
    '/trash',
    can('job:read'),
    describe({ tag: 'jobs', summary: 'Jobs in the trash, newest first', answers: { 200: TrashPage } }),
    query(z.strictObject(Paging)),
    async (c) => {
      const { limit, after } = c.req.valid('query');
      const { items, next } = await listTrash(c.var.services.database.read, PROJECT, limit, after);
      return c.json({
        items: items.map(
          ({
            active: _active,
            sample: _sample,
            health: _health,
            health_checked_at: _checked,
            health_findings: _findings,
            purge_asked_at: _purge,
            ...job
          }) => job,
        ),
        next,
      });
    },
  )
  .post(
    '/trash/:id/restore',
    can('job:edit'),
    describe({
      tag: 'jobs',
      summary: 'Take a job out of the trash, as it was; within 30 days; with the same `Idempotency-Key` it is done once',
      answers: { 200: JobView },
    }),
    async (c) => {
      const { services } = c.var;
      const id = requireId(c.req.param('id'));
      const { name } = await orChangedBefore(c, {}, (key) => restoreJob(services.database.sql, PROJECT, id, auditOf(c), key));
      const job = await requireJob(services, name);
      c.header('ETag', jobTagOf(job));
      return c.json(viewOfJob(job));
    },
  )
  .delete(
    '/trash/:id',
    can('job:edit'),
    describe({
      tag: 'jobs',
      summary:
        'Part with a job for good, with its versions and all its runs; `confirm` is its name; with the same `Idempotency-Key` it is asked for once',
      answers: { 202: 'It has many runs, and the rest of them goes by and by', 204: 'Gone' },
    }),
    query(Confirmed),
    async (c) => {
      const { sql } = c.var.services.database;
      const id = requireId(c.req.param('id'));
      await orDoneBefore(c, {}, async (key) => {
        const job = await findTrashed(sql, PROJECT, id);
        if (!job) throw notFound(`no job ${id} in the trash`);
        if (c.req.valid('query').confirm !== job.name) {
          throw conflict(`the job "${job.name}" goes for good, with all its runs; send confirm=${job.name}`, 'confirmation_required');
        }
        await askPurge(sql, PROJECT, id, auditOf(c), key);
      });
      const giveUpAt = Date.now() + PATIENCE_MS;
      while (await purgeSome(sql, id)) if (Date.now() > giveUpAt) return c.body(null, 202);
      return c.body(null, 204);
    },
  )
  .get(
    '/:name/dependants',
    can('job:read'),
    describe({ tag: 'jobs', summary: 'What would miss a job, were it taken away', answers: { 200: Dependants } }),
    async (c) => {
      const { name } = await requireJob(c.var.services, c.req.param('name'));
      return c.json(await dependantsOf(c.var.services, name));
    },
  )
  .delete(
    '/:name',
    can('job:edit'),
    describe({
      tag: 'jobs',
      summary:
        'Move a job to the trash; with jobs that depend on it only if `confirm` is its name; with the same `Idempotency-Key` it is done once',
      answers: { 204: 'In the trash' },
    }),
    query(Confirmed),
    async (c) => {
      const { services } = c.var;
      await orDoneBefore(c, {}, async (key) => {
        const current = await requireJob(services, c.req.param('name'));
        requireMatch(c, jobTagOf(current));
        if (c.req.valid('query').confirm !== current.name) await refuseMissed(services, current.name);
        await deleteJob(services.database.sql, { project: PROJECT, name: current.name, expected: current.version, audit: auditOf(c) }, key);
      });
      return c.body(null, 204);
    },
  );

function requireId(id: string): string {
  if (!isUuid(id)) throw notFound(`no job ${id} in the trash`);
  return id;
}

async function dependantsOf({ database: { sql } }: Services, name: string) {
  const [jobs, open_runs] = await Promise.all([jobDependants(sql, PROJECT, name), openRunsOf(sql, PROJECT, name, RUNS_SHOWN)]);
  return { jobs: jobs.map(({ name: dependant, how }) => ({ name: dependant, how: [...how] })), open_runs: [...open_runs] };
}

/** How a job is missed, in words. */
const WORDS = { step: 'runs it', trigger: 'is started by its end', choices: 'offers its outputs' } as const;

async function refuseMissed({ database }: Services, name: string): Promise<void> {
  const missing = await jobDependants(database.sql, PROJECT, name);
  if (missing.length === 0) return;
  const problems = missing.map((job) => ({
    pointer: '',
    message: `${job.name} ${job.how.map((how) => WORDS[how]).join(', ')}`,
    severity: 'error' as const,
  }));
  const named = problems.slice(0, 20).map(({ message }) => message);
  const more = problems.length > 20 ? ` and ${problems.length - 20} more` : '';
  throw new HttpProblem(
    409,
    `other jobs need "${name}": ${named.join('; ')}${more}; send confirm=${name} to move it to the trash all the same`,
    {
      type: 'confirmation_required',
      problems: problems.slice(0, 100),
    },
  );
}
