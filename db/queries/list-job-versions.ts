import type { Queryable } from '../client.ts';
import type { JobVersionRow } from '../schema/jobs.ts';

/** A version without its texts, and the tags that stand for it. */
export type JobVersionSummary = Pick<JobVersionRow, 'version' | 'format' | 'hash' | 'author' | 'message' | 'created_at'> & {
  readonly tags: readonly string[];
};

/** The versions of a job, newest first; empty if there is no such job. Served by the primary keys of job_versions and job_tags. */
export const listJobVersions = async (sql: Queryable, project: string, name: string): Promise<readonly JobVersionSummary[]> =>
  sql<JobVersionSummary[]>`
    select v.version, v.format, v.hash, v.author, v.message, v.created_at,
      array(select t.tag from job_tags t where t.job_id = j.id and t.version = v.version order by t.tag) as tags
    from jobs j join job_versions v on v.job_id = j.id
    where j.project = ${project} and j.name = ${name} and j.deleted_at is null
    order by v.version desc`;
