import type { RunStatus } from '#jobs/run-state.ts';
import type { Queryable } from '../client.ts';
import { RUN_SUMMARY_COLUMNS } from '../schema/words.ts';
import type { RunSummary } from './list-runs.ts';

/** The id of the run of this number, or null. Served by runs_number (project, number). */
export const findRunNumbered = async (sql: Queryable, project: string, number: number): Promise<string | null> => {
  const [row] = await sql<{ id: string }[]>`select id from runs where project = ${project} and number = ${number}`;
  return row?.id ?? null;
};

/** The name of the job of this number, or null. Served by jobs_name, of which a project has thousands at most. */
export const findJobNumbered = async (sql: Queryable, project: string, number: number): Promise<string | null> => {
  const [row] = await sql<{ name: string }[]>`
    select name from jobs where project = ${project} and number = ${number} and deleted_at is null`;
  return row?.name ?? null;
};

export interface NumberedPage {
  readonly items: readonly (RunSummary & { readonly job_number: number | null })[];
  /** How many there are, counted no further than the last page that may be asked for. */
  readonly total: number;
}

export interface NumberedQuery {
  readonly project: string;
  readonly statuses: readonly RunStatus[] | null;
  readonly newestFirst: boolean;
  readonly offset: number;
  readonly limit: number;
  /** No further than this is counted. */
  readonly most: number;
}

/** Runs by page number, for clients that know no cursors: bounded, since a page far behind costs what lies before it. Served by runs_project_id and runs_status. */
export const listNumberedRuns = async (sql: Queryable, query: NumberedQuery): Promise<NumberedPage> => {
  const { project, statuses, newestFirst, offset, limit, most } = query;
  const wanted = sql`r.project = ${project} ${statuses === null ? sql`` : sql`and r.status = any(${[...statuses]}::text[])`}`;
  const columns = sql(RUN_SUMMARY_COLUMNS.map((column) => `r.${column}`));
  const [items, [count]] = await Promise.all([
    sql<NumberedPage['items'][number][]>`
      select ${columns}, j.number as job_number from runs r left join jobs j on j.id = r.job_id
      where ${wanted} order by r.id ${newestFirst ? sql`desc` : sql``} offset ${offset} limit ${limit}`,
    sql<{ total: number }[]>`select count(*)::int as total from (select from runs r where ${wanted} limit ${most}) as counted`,
  ]);
  return { items, total: count?.total ?? 0 };
};
