import type { Health } from '#jobs/health.ts';
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
  /** Part of name, title, description or a tag, in any case. */
  readonly text?: string | undefined;
  /** With all that stand below it: `network` holds `network/edge`. */
  readonly category?: string | undefined;
  readonly tag?: string | undefined;
  /** `unknown`: not looked at since its last change. */
  readonly health?: Health | 'unknown' | undefined;
  readonly active?: boolean | undefined;
  /** The type of one of its steps. */
  readonly stepType?: string | undefined;
  /** Who changed it last. */
  readonly updatedBy?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** A page of jobs by name, strictly after the cursor. Served by jobs_name (project, name), by health alone by jobs_health, the newest runs by runs_job. */
export const listJobs = async (sql: Queryable, query: JobsQuery): Promise<Page<JobSummary>> => {
  const { project, category, tag, health, active, stepType, updatedBy, limit } = query;
  const text = query.text?.toLowerCase();
  const [after] = query.after === undefined ? [] : readCursor(query.after, 'name', ([name]) => typeof name === 'string');
  const rows = await sql<JobSummary[]>`
    select j.*, r.id as last_run_id, r.number as last_run_number, r.status as last_run_status, r.created_at as last_run_at
    from jobs j left join lateral (
      select id, number, status, created_at from runs
      where runs.project = j.project and runs.job = j.name order by id desc limit 1
    ) r on true
    where j.project = ${project} and j.deleted_at is null
      ${category === undefined ? sql`` : sql`and (j.category = ${category} or starts_with(j.category, ${`${category}/`}))`}
      ${tag === undefined ? sql`` : sql`and ${tag} = any(j.tags)`}
      ${health === undefined ? sql`` : health === 'unknown' ? sql`and j.health is null` : sql`and j.health = ${health}`}
      ${active === undefined ? sql`` : sql`and j.active = ${active}`}
      ${updatedBy === undefined ? sql`` : sql`and j.updated_by = ${updatedBy}`}
      ${
        stepType === undefined
          ? sql``
          : sql`and exists (select from job_versions v where v.job_id = j.id and v.version = j.version
              and v.definition -> 'steps' @> ${sql.json([{ type: stepType }])})`
      }
      ${text === undefined ? sql`` : sql`and strpos(lower(concat_ws(chr(10), j.name, j.title, j.description, array_to_string(j.tags, chr(10)))), ${text}) > 0`}
      ${after === undefined ? sql`` : sql`and j.name > ${String(after)}`}
    order by j.name limit ${limit + 1}`;
  return pageOf(rows, limit, ({ name }) => writeCursor('name', [name]));
};

/** How many jobs stand under each category as it is written; those without one are left out. Served by jobs_category. */
export const countCategories = async (sql: Queryable, project: string): Promise<readonly { category: string; jobs: number }[]> =>
  sql<{ category: string; jobs: number }[]>`
    select category, count(*) as jobs from jobs
    where project = ${project} and deleted_at is null and category is not null group by category`;
