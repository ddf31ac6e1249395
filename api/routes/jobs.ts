import { Hono } from 'hono';
import { z } from 'zod';
import { deleteJob } from '#db/queries/delete-job.ts';
import { findJob, type JobAtVersion } from '#db/queries/find-job.ts';
import { listJobVersions } from '#db/queries/list-job-versions.ts';
import { listJobs } from '#db/queries/list-jobs.ts';
import { saveJob } from '#db/queries/save-job.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { checkDefinition, DEFINITION_TYPES, prepareDefinition, readDefinition } from '../definitions.ts';
import { describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { hasCurrent, requireMatch, tagOf } from '../middleware/etag.ts';
import { HttpProblem, notFound } from '../problem.ts';
import { PROJECT } from '../project.ts';
import type { Services } from '../services.ts';
import { JobPage, JobVersionSummary, JobView, Validation } from '../views/job.ts';
import { Paging } from '../views/paging.ts';

const JobsQuery = z.strictObject({
  ...Paging,
  q: z.string().max(200).optional(),
  category: z.string().optional(),
  tag: z.string().optional(),
});

/** Named definitions and their versions. */
export const jobs = new Hono<Env>()
  .get(
    '/',
    can('job:read'),
    describe({ tag: 'jobs', summary: 'Jobs by name, each with its newest run', answers: { 200: JobPage } }),
    query(JobsQuery),
    async (c) => {
      const { q, ...rest } = c.req.valid('query');
      const { items, next } = await listJobs(c.var.services.database.read, { project: PROJECT, text: q, ...rest });
      return c.json({ items: items.map(({ deleted_at: _, ...job }) => job), next });
    },
  )
  .post(
    '/',
    can('job:edit'),
    describe({
      tag: 'jobs',
      summary: 'Create a job from YAML text, {source} or the definition as JSON',
      takes: DEFINITION_TYPES,
      answers: { 201: JobView },
    }),
    async (c) => {
      const job = prepareDefinition(await readDefinition(c), c.req.query('sample') === 'true');
      await saveJob(c.var.services.database.sql, PROJECT, job, null, auditOf(c, job.message ?? null));
      const made = await requireJob(c.var.services, job.definition.name);
      c.header('Location', `${c.req.path}/${made.name}`);
      c.header('ETag', tagOf(made.version));
      return c.json(viewOf(made), 201);
    },
  )
  .post(
    '/validate',
    can('job:read'),
    describe({ tag: 'jobs', summary: 'Check a definition without saving it', takes: DEFINITION_TYPES, answers: { 200: Validation } }),
    async (c) => {
      const { definition, problems } = checkDefinition(await readDefinition(c));
      const valid = problems.every(({ severity }) => severity !== 'error');
      return c.json({ valid, name: definition.name, problems, definition: valid ? definition : null });
    },
  )
  .get(
    '/:name',
    can('job:read'),
    describe({ tag: 'jobs', summary: 'A job at its current version', answers: { 200: JobView } }),
    async (c) => {
      const job = await requireJob(c.var.services, c.req.param('name'));
      if (hasCurrent(c, tagOf(job.version))) return c.body(null, 304);
      return c.json(viewOf(job));
    },
  )
  .put(
    '/:name',
    can('job:edit'),
    describe({
      tag: 'jobs',
      summary: 'Save the next version; an unchanged text makes none',
      takes: DEFINITION_TYPES,
      answers: { 200: JobView },
    }),
    async (c) => {
      const name = c.req.param('name');
      const job = prepareDefinition(await readDefinition(c));
      if (job.definition.name !== name) {
        throw new HttpProblem(422, `name: "${job.definition.name}" cannot replace ${name}; a job keeps its name`);
      }
      const current = await requireJob(c.var.services, name);
      requireMatch(c, tagOf(current.version));
      await saveJob(c.var.services.database.sql, PROJECT, job, current.version, auditOf(c, job.message ?? null));
      const saved = await requireJob(c.var.services, name);
      c.header('ETag', tagOf(saved.version));
      return c.json(viewOf(saved));
    },
  )
  .delete(
    '/:name',
    can('job:edit'),
    describe({ tag: 'jobs', summary: 'Take a job away; its runs and versions stay', answers: { 204: 'Gone' } }),
    async (c) => {
      const name = c.req.param('name');
      const current = await requireJob(c.var.services, name);
      if (c.req.header('if-match') !== undefined) requireMatch(c, tagOf(current.version));
      await deleteJob(c.var.services.database.sql, PROJECT, name, current.version, auditOf(c));
      return c.body(null, 204);
    },
  )
  .get(
    '/:name/versions',
    can('job:read'),
    describe({ tag: 'jobs', summary: 'Every version, newest first', answers: { 200: z.object({ items: z.array(JobVersionSummary) }) } }),
    async (c) => {
      const items = await listJobVersions(c.var.services.database.read, PROJECT, c.req.param('name'));
      if (items.length === 0) throw notFound(`no job ${c.req.param('name')}`);
      return c.json({ items });
    },
  )
  .get(
    '/:name/versions/:version{[0-9]{1,9}}',
    can('job:read'),
    describe({ tag: 'jobs', summary: 'A job at one version', answers: { 200: JobView } }),
    async (c) => {
      const version = Number(c.req.param('version'));
      const job = await requireJob(c.var.services, c.req.param('name'), version);
      if (hasCurrent(c, tagOf(job.id, version))) return c.body(null, 304);
      return c.json(viewOf(job));
    },
  );

async function requireJob({ database }: Services, name: string, version: number | null = null): Promise<JobAtVersion> {
  const job = await findJob(database.sql, PROJECT, name, version);
  if (!job) throw notFound(version === null ? `no job ${name}` : `no version ${version} of a job ${name}`);
  return job;
}

const viewOf = ({ plan: _plan, hash: _hash, deleted_at: _deleted, ...job }: JobAtVersion) => job;
