import type { RunStatus } from '#jobs/run-state.ts';
import type { Queryable } from '../client.ts';
import { type Page, pageOf, readCursor, writeCursor } from '../cursor.ts';
import type { JobRow } from '../schema/jobs.ts';

/** A job with its newest run; the four are null when it never ran. */
export type JobSummary = JobRow & {
  readonly last_run_id: string | null;
  readonly last_run_number: number | null;
  readonly last_run_status: RunStatus | null;
  readonly last_run_at: string | null;
};

export interface JobsQuery {
  readonly project: string;
  /** Part of name or title, in any case. */
  readonly text?: string | undefined;
  readonly category?: string | undefined;
  readonly tag?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** A page of jobs by name, strictly after the cursor. Served by jobs_name (project, name), by category by jobs_category, the newest runs by runs_job. */
export const listJobs = async (sql: Queryable, query: JobsQuery): Promise<Page<JobSummary>> => {
  const { project, text, category, tag, limit } = query;
  const [after] = query.after === undefined ? [] : readCursor(query.after, 'name', ([name]) => typeof name === 'string');
  const rows = await sql<JobSummary[]>`
    select j.*, r.id as last_run_id, r.number as last_run_number, r.status as last_run_status, r.created_at as last_run_at
    from jobs j left join lateral (
      select id, number, status, created_at from runs
      where runs.project = j.project and runs.job = j.name order by id desc limit 1
    ) r on true
    where j.project = ${project} and j.deleted_at is null
      ${category === undefined ? sql`` : sql`and j.category = ${category}`}
      ${tag === undefined ? sql`` : sql`and ${tag} = any(j.tags)`}
      ${text === undefined ? sql`` : sql`and (strpos(j.name, lower(${text})) > 0 or strpos(lower(j.title), lower(${text})) > 0)`}
      ${after === undefined ? sql`` : sql`and j.name > ${String(after)}`}
    order by j.name limit ${limit + 1}`;
  return pageOf(rows, limit, ({ name }) => writeCursor('name', [name]));
};
