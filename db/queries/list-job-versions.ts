import type { Queryable } from '../client.ts';
import type { JobVersionRow } from '../schema/jobs.ts';

/** A version without its texts. */
export type JobVersionSummary = Pick<JobVersionRow, 'version' | 'format' | 'hash' | 'author' | 'message' | 'created_at'>;

/** The versions of a job, newest first; empty if there is no such job. Served by the primary key of job_versions. */
export const listJobVersions = async (sql: Queryable, project: string, name: string): Promise<readonly JobVersionSummary[]> =>
  sql<JobVersionSummary[]>`
    select v.version, v.format, v.hash, v.author, v.message, v.created_at
    from jobs j join job_versions v on v.job_id = j.id
    where j.project = ${project} and j.name = ${name} and j.deleted_at is null
    order by v.version desc`;
