import { Hono } from 'hono';
import { stringify } from 'yaml';
import { z } from 'zod';
import { findJobVersion } from '#db/queries/find-job.ts';
import { findRunInput } from '#db/queries/find-run.ts';
import { renamedSource } from '#jobs/rename-source.ts';
import { NAME_PATTERN } from '#jobs/schema-words.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { prepareDefinition, type SentDefinition } from '../definitions.ts';
import { body, describe } from '../describe.ts';
import type { Env } from '../env.ts';
import { createFrom, requireJob } from '../jobs.ts';
import { conflict } from '../problem.ts';
import { requireRun } from '../runs/run-view.ts';
import type { Services } from '../services.ts';
import { JobView } from '../views/job.ts';

const name = z.string().regex(new RegExp(NAME_PATTERN), 'expected a name: lower-case letters, digits, ".", "_" or "-"');
const note = z.string().max(1000).optional();

/** Jobs made of jobs. */
export const jobCopies = new Hono<Env>().post(
  '/:name/clone',
  can('job:edit'),
  describe({
    tag: 'jobs',
    summary:
      'Make a job of another name that says the same, at the current version or the one named; with the same `Idempotency-Key` and body it is made once',
    answers: { 201: JobView },
  }),
  body(z.strictObject({ name, version: z.int().min(1).max(2_147_483_647).nullable().default(null), note })),
  async (c) => {
    const { name: to, version, note: why } = c.req.valid('json');
    const from = await requireJob(c.var.services, c.req.param('name'), version);
    const message = why ?? `copy of ${from.name}, version ${from.version}`;
    const job = prepareDefinition({ source: renamedSource(from.source, to), format: from.format, message });
    return c.json(await createFrom(c, job, (made) => c.req.path.replace(/[^/]+\/clone$/, made), auditOf(c, message)), 201);
  },
);

/** Jobs made of what a run followed. */
export const runsAsJobs = new Hono<Env>().post(
  '/:id/save-as-job',
  can('job:edit'),
  describe({
    tag: 'runs',
    summary:
      'Make a job of the definition that a run followed, one of its own or a version of a job; with the same `Idempotency-Key` and body it is made once',
    answers: { 201: JobView },
  }),
  body(z.strictObject({ name, note })),
  async (c) => {
    const { name: to, note: why } = c.req.valid('json');
    const run = await requireRun(c.var.services, c.req.param('id'));
    const sent = await definitionOf(c.var.services, run);
    const message = why ?? `from run #${run.number} of ${run.job}`;
    const job = prepareDefinition({ ...sent, source: renamedSource(sent.source, to), message });
    return c.json(
      await createFrom(c, job, (made) => c.req.path.replace(/runs\/[^/]+\/save-as-job$/, `jobs/${made}`), auditOf(c, message)),
      201,
    );
  },
);

interface RunOfDefinition {
  readonly id: string;
  readonly job_id: string | null;
  readonly version: number | null;
}

async function definitionOf({ database }: Services, { id, job_id, version }: RunOfDefinition): Promise<Omit<SentDefinition, 'message'>> {
  const followed = job_id !== null && version !== null ? await findJobVersion(database.sql, job_id, version) : null;
  if (followed) return followed;
  const own = (await findRunInput(database.sql, id))?.definition;
  if (!own) throw conflict(`the definition that run ${id} followed is no longer stored`);
  return { source: stringify(own, { lineWidth: 140 }), format: 'yaml' };
}
