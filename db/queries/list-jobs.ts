import type { Health } from '#jobs/health.ts';
import type { RunStatus } from '#jobs/run-state.ts';
import type { Queryable } from '../client.ts';
import { type Page, readCursor, writeCursor } from '../cursor.ts';
import type { JobRow } from '../schema/jobs.ts';
import { hasText } from './has-text.ts';
import { hasValues } from './has-values.ts';

/** A job with its newest run; the four are null when it never ran. */
export type JobSummary = JobRow & {
  readonly last_run_id: string | null;
  readonly last_run_number: number | null;
  readonly last_run_status: RunStatus | null;
  readonly last_run_at: string | null;
};

/** How one run of a job went; told with the job when asked for. */
export interface RecentRun {
  readonly id: string;
  readonly number: number;
  readonly status: RunStatus;
  readonly execution_time_ms: number | null;
  readonly created_at: string;
}

/** What a list tells of a job beside its newest run, when asked: its last runs, newest first, and when a schedule starts it next. */
export interface JobRecently {
  readonly recent_runs: readonly RecentRun[];
  readonly next_at: string | null;
  readonly next_timezone: string | null;
}

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
  /** How many of each job's newest runs are told with it, and then its next start too. */
  readonly recent?: number | undefined;
  /** Strictly after this cursor, or strictly before it; `from: 'end'` is the last page. */
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  readonly from?: 'end' | undefined;
  readonly limit: number;
}

/** A page that can also be turned back; `prev` asks for the page before it, null when it is known that there is none. */
export interface JobsPage extends Page<JobSummary & Partial<JobRecently>> {
  readonly prev: string | null;
}

/** A page of jobs by name, after a cursor, before one, or at the end; runs that only tried a step say nothing of how a job fares. Served by jobs_name (project, name), by health alone by jobs_health, the newest runs by runs_job, the next start by schedules_job; the last page costs what the first does. */
export const listJobs = async (sql: Queryable, query: JobsQuery): Promise<JobsPage> => {
  const { project, recent, limit } = query;
  const back = query.before !== undefined || query.from === 'end';
  const cursor = query.before ?? query.after;
  const [place] = cursor === undefined ? [] : readCursor(cursor, 'name', ([name]) => typeof name === 'string');
  const rows = await sql<(JobSummary & Partial<JobRecently>)[]>`
    select j.*, r.id as last_run_id, r.number as last_run_number, r.status as last_run_status, r.created_at as last_run_at
      ${recent === undefined ? sql`` : sql`, coalesce(lately.runs, '[]') as recent_runs, next.next_at, next.timezone as next_timezone`}
    from jobs j left join lateral (
      select id, number, status, created_at from runs
      where runs.project = j.project and runs.job = j.name and runs.trigger <> 'test' order by id desc limit 1
    ) r on true
    ${recent === undefined ? sql`` : recently(sql, recent)}
    where j.project = ${project} and j.deleted_at is null ${filtered(sql, query)}
      ${place === undefined ? sql`` : sql`and j.name ${back ? sql`<` : sql`>`} ${String(place)}`}
    order by j.name ${back ? sql`desc` : sql``} limit ${limit + 1}`;
  const more = rows.length > limit;
  const items = back ? rows.slice(0, limit).reverse() : rows.slice(0, limit);
  const at = (job: JobSummary | undefined): string | null => (job ? writeCursor('name', [job.name]) : null);
  return {
    items,
    next: (back ? query.before !== undefined : more) ? at(items.at(-1)) : null,
    prev: (back ? more : query.after !== undefined) ? at(items[0]) : null,
  };
};

const filtered = (sql: Queryable, { category, tag, health, active, updatedBy, stepType, text }: JobsQuery) => sql`
    ${category === undefined ? sql`` : sql`and (j.category = ${category} or starts_with(j.category, ${`${category}/`}))`}
    ${tag === undefined ? sql`` : sql`and ${tag} = any(j.tags)`}
    ${health === undefined ? sql`` : health === 'unknown' ? sql`and j.health is null` : sql`and j.health = ${health}`}
    ${hasValues(sql, { 'j.active': active, 'j.updated_by': updatedBy })}
    ${
      stepType === undefined
        ? sql``
        : sql`and exists (select from job_versions v where v.job_id = j.id and v.version = j.version
            and v.definition -> 'steps' @> ${sql.json([{ type: stepType }])})`
    }
    ${hasText(sql, text, sql`j.name, j.title, j.description, array_to_string(j.tags, chr(10))`)}`;

const recently = (sql: Queryable, runs: number) => sql`
  left join lateral (
    select jsonb_agg(to_jsonb(newest) order by id desc) as runs from (
      select id, number, status, execution_time_ms, created_at from runs
      where runs.project = j.project and runs.job = j.name and runs.trigger <> 'test' order by id desc limit ${runs}
    ) newest
  ) lately on true
  left join lateral (
    select next_at, timezone from schedules s
    where s.project = j.project and s.job = j.name and s.deleted_at is null and s.state = 'active' and s.next_at is not null
    order by s.next_at limit 1
  ) next on true`;

/** How many jobs stand under each category as it is written; those without one are left out. Served by jobs_category. */
export const countCategories = async (sql: Queryable, project: string): Promise<readonly { category: string; jobs: number }[]> =>
  sql<{ category: string; jobs: number }[]>`
    select category, count(*) as jobs from jobs
    where project = ${project} and deleted_at is null and category is not null group by category`;
