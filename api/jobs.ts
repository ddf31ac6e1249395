import type { Context } from 'hono';
import { STEP_SPECS } from '#activities/catalog.ts';
import type { Audit } from '#db/audit.ts';
import { findJob, findJobByTag, type JobAtVersion } from '#db/queries/find-job.ts';
import { readSurroundings } from '#db/queries/job-health.ts';
import { type CheckedJob, saveJob } from '#db/queries/save-job.ts';
import type { JobDefinition } from '#jobs/definition.ts';
import { healthCheck } from '#jobs/health.ts';
import type { Env } from './env.ts';
import { tagOf } from './middleware/etag.ts';
import { orChangedBefore } from './or-changed-before.ts';
import { notFound } from './problem.ts';
import { PROJECT } from './project.ts';
import type { Services } from './services.ts';
import { inWrittenOrder } from './written-order.ts';

/** A job at its current version, or at the one asked for. Throws 404. */
export async function requireJob({ database }: Services, name: string, version: number | null = null): Promise<JobAtVersion> {
  const job = await findJob(database.sql, PROJECT, name, version);
  if (!job) throw notFound(version === null ? `no job ${name}` : `no version ${version} of a job ${name}`);
  return job;
}

/** A job at the version that a text means: a number, or the name of a tag. Throws 404. */
export async function requireJobAt(services: Services, name: string, which: string): Promise<JobAtVersion> {
  if (/^\d{1,9}$/.test(which)) return requireJob(services, name, Number(which));
  const job = await findJobByTag(services.database.sql, PROJECT, name, which);
  if (!job) throw notFound(`no version of a job ${name} has the tag ${which}`);
  return job;
}

/** A job as it is answered: its parameters as they were typed, without its plan, and without how it was found to be, which changes without it. */
export const viewOfJob = ({
  plan: _plan,
  deleted_at: _deleted,
  purge_asked_at: _purge,
  health: _health,
  health_checked_at: _checked,
  health_findings: _findings,
  ...job
}: JobAtVersion) => ({ ...job, definition: inWrittenOrder(job.definition, job.source, `${job.id} ${job.version}`) });

/** The state of a job that a change is made from: its version and its switch. */
export const jobTagOf = ({ current_version, active }: Pick<JobAtVersion, 'current_version' | 'active'>): string =>
  tagOf(current_version, ...(active ? [] : ['off']));

/** How a definition is against the step types, targets, credentials and jobs there are now. */
export async function healthToday({ database }: Services, definition: JobDefinition) {
  const { health, findings } = healthCheck(await readSurroundings(database.sql, PROJECT), STEP_SPECS)(definition);
  return { health, findings: [...findings] };
}

/** Saves a definition over the state of a job, and answers with the version it made, or the one that says the same. Throws what `saveJob` throws. */
export async function saveOver(c: Context<Env>, job: CheckedJob, requireCurrent: () => Promise<JobAtVersion>, audit: Audit) {
  const { services } = c.var;
  const { name, version, is_new_version } = await orChangedBefore(c, { source: job.source, message: job.message }, async (key) => {
    const { current_version } = await requireCurrent();
    return saveJob(services.database.sql, PROJECT, job, current_version, audit, key);
  });
  const saved = await requireJob(services, name, version);
  c.header('ETag', jobTagOf({ ...saved, current_version: version }));
  return { ...viewOfJob(saved), is_new_version };
}

/** Makes a job of a definition, and answers with it. Throws NameTaken. */
export async function createFrom(c: Context<Env>, job: CheckedJob, path: (name: string) => string, audit: Audit) {
  const { services } = c.var;
  const { name } = await orChangedBefore(c, { source: job.source, message: job.message }, (key) =>
    saveJob(services.database.sql, PROJECT, job, null, audit, key),
  );
  const made = await requireJob(services, name);
  c.header('Location', path(made.name));
  c.header('ETag', jobTagOf(made));
  return viewOfJob(made);
}
