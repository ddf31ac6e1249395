import type { Json } from '#jobs/json.ts';
import type { RunStatus } from '#jobs/run-state.ts';
import type { Queryable } from '../client.ts';
import { type Page, pageOf, readCursor, writeCursor } from '../cursor.ts';
import { firstIdAt } from '../partitions.ts';
import type { RunRow } from '../schema/runs.ts';
import { RUN_SUMMARY_COLUMNS } from '../schema/words.ts';

/** A run without the parts only its own page shows. */
export type RunSummary = Pick<RunRow, (typeof RUN_SUMMARY_COLUMNS)[number]>;

/** What a list may be sorted by; `-` is the larger or later first. */
export const RUN_SORTS = ['-created_at', 'created_at', '-execution_time_ms', 'execution_time_ms'] as const;
export type RunSort = (typeof RUN_SORTS)[number];

export interface RunsQuery {
  readonly project: string;
  readonly statuses?: readonly RunStatus[] | undefined;
  readonly number?: number | undefined;
  readonly job?: string | undefined;
  readonly client?: string | undefined;
  readonly ref_num?: string | undefined;
  readonly created_by?: string | undefined;
  /** Sub-runs of this run; runs that its end started. */
  readonly parent?: string | undefined;
  readonly chain_source?: string | undefined;
  /** By the schedule of this name. */
  readonly schedule?: string | undefined;
  /** Accepted at or after, and before. */
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
  readonly sort?: RunSort | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/**
 * A page of runs, strictly after the cursor; never counts. Served by runs_project_id (project, id desc), with a filter by runs_status, runs_job,
 * runs_client, runs_ref_num or runs_created_by (project, the column, id desc), by number by runs_number, runs_parent, runs_chain_source or runs_schedule_name, by duration by
 * runs_execution_time. Several statuses
 * are as many index scans, merged.
 */
export const listRuns = async (sql: Queryable, query: RunsQuery): Promise<Page<RunSummary>> => {
  const { project, statuses = [], sort = '-created_at', limit } = query;
  const { order, after, keys } = SORTS[sort];
  const place = query.after === undefined ? null : (readCursor(query.after, sort, isPlaceOf(keys.length)) as readonly string[]);
  const conditions = [
    sql`r.project = ${project}`,
    ...FILTERS.flatMap(({ name, where }) => (query[name] === undefined ? [] : [where(sql, query[name])])),
    ...(sort.endsWith('execution_time_ms') ? [sql`r.execution_time_ms is not null`] : []),
    ...(place ? [after(sql, place)] : []),
  ];
  const page = (also = sql``) => sql`
    select ${sql([...RUN_SUMMARY_COLUMNS])} from runs r
    where ${conditions.flatMap((condition, index) => (index === 0 ? [condition] : [sql` and `, condition]))} ${also}
    order by ${order(sql)} limit ${limit + 1}`;
  const rows =
    statuses.length === 0
      ? await sql<RunSummary[]>`${page()}`
      : await sql<RunSummary[]>`
          select r.* from unnest(${statuses}::text[]) as wanted (status) cross join lateral (${page(sql`and r.status = wanted.status`)}) r
          order by ${order(sql)} limit ${limit + 1}`;
  return pageOf(rows, limit, (row) =>
    writeCursor(
      sort,
      keys.map((key) => row[key]),
    ),
  );
};

const FILTERS = [
  { name: 'number', where: (sql: Queryable, number: string | number | Date) => sql`r.number = ${Number(number)}` },
  { name: 'job', where: (sql: Queryable, job: string | number | Date) => sql`r.job = ${job}` },
  { name: 'client', where: (sql: Queryable, client: string | number | Date) => sql`r.client = ${client}` },
  { name: 'ref_num', where: (sql: Queryable, refNum: string | number | Date) => sql`r.ref_num = ${refNum}` },
  { name: 'created_by', where: (sql: Queryable, user: string | number | Date) => sql`r.created_by = ${user}` },
  { name: 'parent', where: (sql: Queryable, run: string | number | Date) => sql`r.parent_run = ${String(run)}::uuid` },
  { name: 'chain_source', where: (sql: Queryable, run: string | number | Date) => sql`r.chain_source = ${String(run)}::uuid` },
  { name: 'schedule', where: (sql: Queryable, name: string | number | Date) => sql`r.schedule = ${name}` },
  { name: 'since', where: (sql: Queryable, at: string | number | Date) => sql`r.id >= ${firstIdAt(new Date(at))}` },
  { name: 'until', where: (sql: Queryable, at: string | number | Date) => sql`r.id < ${firstIdAt(new Date(at))}` },
] as const;

type Place = readonly (string | number)[];

const SORTS = {
  '-created_at': {
    keys: ['id'],
    order: (sql: Queryable) => sql`r.id desc`,
    after: (sql: Queryable, [id = '']: Place) => sql`r.id < ${id}`,
  },
  created_at: {
    keys: ['id'],
    order: (sql: Queryable) => sql`r.id`,
    after: (sql: Queryable, [id = '']: Place) => sql`r.id > ${id}`,
  },
  '-execution_time_ms': {
    keys: ['execution_time_ms', 'id'],
    order: (sql: Queryable) => sql`r.execution_time_ms desc, r.id desc`,
    after: (sql: Queryable, [ms = 0, id = '']: Place) => sql`(r.execution_time_ms, r.id) < (${ms}, ${id})`,
  },
  execution_time_ms: {
    keys: ['execution_time_ms', 'id'],
    order: (sql: Queryable) => sql`r.execution_time_ms, r.id`,
    after: (sql: Queryable, [ms = 0, id = '']: Place) => sql`(r.execution_time_ms, r.id) > (${ms}, ${id})`,
  },
} as const satisfies Record<RunSort, { keys: readonly ('id' | 'execution_time_ms')[]; order: unknown; after: unknown }>;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const isPlaceOf = (length: number) => (values: readonly Json[]) =>
  values.length === length && UUID.test(String(values.at(-1))) && values.slice(0, -1).every(Number.isSafeInteger);
