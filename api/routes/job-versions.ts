import type { Context } from 'hono';
import { Hono } from 'hono';
import { z } from 'zod';
import type { JobAtVersion } from '#db/queries/find-job.ts';
import { listJobTagMoves, listJobTags, moveJobTag } from '#db/queries/job-tags.ts';
import { listJobVersions } from '#db/queries/list-job-versions.ts';
import { diffDefinitions } from '#jobs/diff/diff-definitions.ts';
import { diffLines } from '#jobs/diff/diff-lines.ts';
import { MASK, maskedDiff, maskedSource, secretParameters } from '#jobs/diff/mask.ts';
import { NAME_PATTERN } from '#jobs/schema-words.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { prepareDefinition } from '../definitions.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { jobTagOf, requireJob, requireJobAt, saveOver, viewOfJob } from '../jobs.ts';
import { hasCurrent, requireMatch, tagOf } from '../middleware/etag.ts';
import { orDoneBefore } from '../or-changed-before.ts';
import { HttpProblem, notFound } from '../problem.ts';
import { PROJECT } from '../project.ts';
import { JobDiff, JobSaved, JobTagView, JobVersionSummary, JobView } from '../views/job.ts';

const version = z.int().min(1).max(2_147_483_647);
const note = z.string().max(1000).optional().meta({ description: 'why; kept with the version or the move' });
/** A version by its number, or by a tag. */
const which = z.string().min(1).max(100);

/** Moves of tags that are shown. */
const MOVES_SHOWN = 100;

/** What a job was and is, and names for its versions. */
export const jobVersions = new Hono<Env>()
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
      const job = await requireJob(c.var.services, c.req.param('name'), Number(c.req.param('version')));
      if (hasCurrent(c, tagOf(job.id, job.version, job.current_version, String(job.active)))) return c.body(null, 304);
      return c.json(viewOfJob(job));
    },
  )
  .get(
    '/:name/diff',
    can('job:read'),
    describe({
      tag: 'jobs',
      summary: 'How one version became another, by what they say and by their lines; values of secret parameters are covered',
      answers: { 200: JobDiff },
    }),
    query(
      z.strictObject({
        from: which.optional().meta({ description: 'a number or a tag; the version before `to` when absent' }),
        to: which.optional().meta({ description: 'the current version when absent' }),
      }),
    ),
    async (c) => {
      const { services } = c.var;
      const name = c.req.param('name');
      const { from, to } = c.req.valid('query');
      const newer = to === undefined ? await requireJob(services, name) : await requireJobAt(services, name, to);
      const older = await requireJobAt(services, name, from ?? String(Math.max(1, newer.version - 1)));
      return c.json({ from: older.version, to: newer.version, ...diffOf(older, newer) });
    },
  )
  .post(
    '/:name/rollback',
    can('job:edit'),
    describe({
      tag: 'jobs',
      summary: 'Save what an older version says as the next version; with the same `Idempotency-Key` and body it is saved once',
      answers: { 200: JobSaved },
    }),
    body(z.strictObject({ version, note })),
    async (c) => {
      const { services } = c.var;
      const { version: number, note: why = `back to version ${number}` } = c.req.valid('json');
      const name = c.req.param('name');
      const requireCurrent = async () => {
        const current = await requireJob(services, name);
        if (c.req.header('if-match') !== undefined) requireMatch(c, jobTagOf(current));
        return current;
      };
      const { source, format } = await requireJob(services, name, number);
      return c.json(await saveOver(c, prepareDefinition({ source, format, message: why }), requireCurrent, auditOf(c, why)));
    },
  )
  .get(
    '/:name/tags',
    can('job:read'),
    describe({ tag: 'jobs', summary: 'The tags on a job’s versions and their moves', answers: { 200: JobTagView } }),
    async (c) => {
      const { read } = c.var.services.database;
      const { name } = await requireJob(c.var.services, c.req.param('name'));
      const [items, moves] = await Promise.all([listJobTags(read, PROJECT, name), listJobTagMoves(read, PROJECT, name, MOVES_SHOWN)]);
      return c.json({
        items: items.map(({ job_id: _, ...tag }) => tag),
        moves: moves.map(({ job_id: _, id: _id, ...move }) => move),
      });
    },
  )
  .get(
    '/:name/tags/:tag',
    can('job:read'),
    describe({ tag: 'jobs', summary: 'A job at the version that a tag stands for', answers: { 200: JobView } }),
    async (c) => {
      const job = await requireJobAt(c.var.services, c.req.param('name'), requireTag(c));
      c.header('ETag', tagOf(job.version));
      return c.json(viewOfJob(job));
    },
  )
  .put(
    '/:name/tags/:tag',
    can('job:edit'),
    describe({
      tag: 'jobs',
      summary:
        'Set a tag on a version, or move it there; with `If-Match` only from the version it was seen at; with the same `Idempotency-Key` and body it is done once',
      answers: { 204: 'It stands for that version' },
    }),
    body(z.strictObject({ version, note })),
    async (c) => {
      const { version: to, note: why } = c.req.valid('json');
      const change = { job: c.req.param('name'), tag: requireTag(c), version: to, expected: expectedOf(c) };
      const { sql } = c.var.services.database;
      await orDoneBefore(c, { version: to, note: why }, (key) => moveJobTag(sql, PROJECT, change, auditOf(c, why ?? null), key));
      c.header('ETag', tagOf(to));
      return c.body(null, 204);
    },
  )
  .delete(
    '/:name/tags/:tag',
    can('job:edit'),
    describe({
      tag: 'jobs',
      summary: 'Take a tag away; its history stays; with the same `Idempotency-Key` it is done once',
      answers: { 204: 'Gone' },
    }),
    async (c) => {
      const change = { job: c.req.param('name'), tag: requireTag(c), version: null, expected: expectedOf(c) };
      await orDoneBefore(c, {}, (key) => moveJobTag(c.var.services.database.sql, PROJECT, change, auditOf(c), key));
      return c.body(null, 204);
    },
  );

/** A name that cannot be taken for the number of a version. */
function requireTag(c: Context<Env>): string {
  const tag = c.req.param('tag') ?? '';
  if (!new RegExp(NAME_PATTERN).test(tag) || /^\d+$/.test(tag)) {
    throw new HttpProblem(
      422,
      `tag: "${tag}" is not the name of a tag; write lower-case letters, digits, ".", "_" or "-", not digits alone`,
    );
  }
  return tag;
}

/** The version that a tag was seen at, where the caller says so. */
function expectedOf(c: Context<Env>): number | undefined {
  const given = c.req.header('if-match')?.match(/^"(\d{1,9})"$/)?.[1];
  return given === undefined ? undefined : Number(given);
}

function diffOf(older: JobAtVersion, newer: JobAtVersion) {
  const secret = secretParameters(older.definition, newer.definition);
  const definition = maskedDiff(diffDefinitions(older.definition, newer.definition), secret);
  return { definition, text: diffLines(maskedSource(older.source, secret, MASK), maskedSource(newer.source, secret, MASK)) };
}
