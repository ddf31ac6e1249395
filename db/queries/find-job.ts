import type { Queryable } from '../client.ts';
import type { JobRow, JobVersionRow } from '../schema/jobs.ts';

/** A job with one of its versions: `version` is that one's number, `current_version` the job's. */
export type JobAtVersion = Omit<JobRow, 'version'> &
  Pick<JobVersionRow, 'version' | 'source' | 'format' | 'definition' | 'plan' | 'hash' | 'author' | 'message'> & {
    readonly current_version: number;
    /** When this version was saved. */
    readonly saved_at: string;
  };

const columns = (sql: Queryable) => sql`
  j.*, j.version as current_version, v.version, v.source, v.format, v.definition, v.plan, v.hash, v.author, v.message, v.created_at as saved_at`;

/** A job at its current version, or at the one asked for; null if there is none. Served by jobs_name and the primary key of job_versions. */
export const findJob = async (
  sql: Queryable,
  project: string,
  name: string,
  version: number | null = null,
): Promise<JobAtVersion | null> => {
  const [row] = await sql<JobAtVersion[]>`
    select ${columns(sql)}
    from jobs j join job_versions v on v.job_id = j.id and v.version = coalesce(${version}::integer, j.version)
    where j.project = ${project} and j.name = ${name} and j.deleted_at is null`;
  return row ?? null;
};

/** A job at the version that a tag stands for; null if there is no such job, or none of its versions has the tag. Served by jobs_name and the primary key of job_tags. */
export const findJobByTag = async (sql: Queryable, project: string, name: string, tag: string): Promise<JobAtVersion | null> => {
  const [row] = await sql<JobAtVersion[]>`
    select ${columns(sql)}
    from jobs j join job_tags t on t.job_id = j.id and t.tag = ${tag} join job_versions v on v.job_id = j.id and v.version = t.version
    where j.project = ${project} and j.name = ${name} and j.deleted_at is null`;
  return row ?? null;
};

/** A job by its id at its current version; null if there is none any more. Served by the primary keys. */
export const findJobById = async (sql: Queryable, id: string): Promise<JobAtVersion | null> => {
  const [row] = await sql<JobAtVersion[]>`
    select ${columns(sql)}
    from jobs j join job_versions v on v.job_id = j.id and v.version = j.version
    where j.id = ${id} and j.deleted_at is null`;
  return row ?? null;
};

/** A version of a job by the job's id, deleted or not: what a run that was started from it followed. Served by the primary keys. */
export const findJobVersion = async (sql: Queryable, jobId: string, version: number): Promise<JobVersionRow | null> => {
  const [row] = await sql<JobVersionRow[]>`select * from job_versions where job_id = ${jobId} and version = ${version}`;
  return row ?? null;
};
