import { findJob, type JobAtVersion } from '#db/queries/find-job.ts';
import type { RunWithPlan } from '#db/queries/find-run.ts';
import { findJobNumbered, findRunNumbered, listNumberedRuns, type NumberedPage } from '#db/queries/numbered-runs.ts';
import { notFound } from '../problem.ts';
import { PROJECT } from '../project.ts';
import { requireRun } from '../runs/run-view.ts';
import type { Services } from '../services.ts';
import { type LegacyPage, MOST_REACHED, numberOf, statusesOf } from './words.ts';

/** The run that an old client calls by this number, or a 404. */
export async function runNumbered(services: Services, text: string): Promise<RunWithPlan> {
  const number = numberOf(text);
  const id = number === 0 ? null : await findRunNumbered(services.database.sql, PROJECT, number);
  if (id === null) throw notFound(`no run number ${text}`);
  return requireRun(services, id);
}

/** The job that an old client calls by this number, or a 404. */
export async function jobNumbered({ database }: Services, text: string): Promise<JobAtVersion> {
  const number = numberOf(text);
  const name = number === 0 ? null : await findJobNumbered(database.sql, PROJECT, number);
  const job = name === null ? null : await findJob(database.sql, PROJECT, name);
  if (!job) throw notFound(`no job number ${text}`);
  return job;
}

/** The number of the job that a run belongs to, or null. */
export async function jobNumberOf({ database }: Services, { job_id: id }: Pick<RunWithPlan, 'job_id'>): Promise<number | null> {
  if (id === null) return null;
  const [row] = await database.sql<{ number: number }[]>`select number from jobs where id = ${id}`;
  return row?.number ?? null;
}

/** A page of runs, and how many there are. */
export const pageOfRuns = ({ database }: Services, { status, page, size }: LegacyPage, newestFirst = true): Promise<NumberedPage> =>
  listNumberedRuns(database.read, {
    project: PROJECT,
    statuses: status === undefined ? null : statusesOf(status),
    newestFirst,
    offset: (page - 1) * size,
    limit: size,
    most: MOST_REACHED,
  });
