import type { Queryable } from '../client.ts';
import type { JobRow, JobVersionRow } from '../schema/jobs.ts';

/** A job with one of its versions: `version` is that one's number, `current_version` the job's. */
export type JobAtVersion = Omit<JobRow, 'version'> &
  Pick<JobVersionRow, 'version' | 'source' | 'format' | 'definition' | 'plan' | 'hash' | 'author' | 'message'> & {
    readonly current_version: number;
    /** When this version was saved. */
    readonly saved_at: string;
  };

/** A job at its current version, or at the one asked for; null if there is none. Served by jobs_name and the primary key of job_versions. */
export const findJob = async (
  sql: Queryable,
  project: string,
  name: string,
  version: number | null = null,
): Promise<JobAtVersion | null> => {
  const [row] = await sql<JobAtVersion[]>`
    select j.*, j.version as current_version, v.version, v.source, v.format, v.definition, v.plan, v.hash, v.author, v.message,
      v.created_at as saved_at
    from jobs j join job_versions v on v.job_id = j.id and v.version = coalesce(${version}::integer, j.version)
    where j.project = ${project} and j.name = ${name} and j.deleted_at is null`;
  return row ?? null;
};

/** A version of a job by the job's id, deleted or not: what a run that was started from it followed. Served by the primary keys. */
export const findJobVersion = async (sql: Queryable, jobId: string, version: number): Promise<JobVersionRow | null> => {
  const [row] = await sql<JobVersionRow[]>`select * from job_versions where job_id = ${jobId} and version = ${version}`;
  return row ?? null;
};
