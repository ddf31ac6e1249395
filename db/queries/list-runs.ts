import type { Json } from '#jobs/json.ts';
import type { Queryable } from '../client.ts';
import { type Page, readCursor, writeCursor } from '../cursor.ts';
import type { RunRow } from '../schema/runs.ts';
import { RUN_SUMMARY_COLUMNS } from '../schema/words.ts';
import { allOf, conditionsOf, type RunsWanted } from './runs-wanted.ts';

/** A run without the parts only its own page shows. */
export type RunSummary = Pick<RunRow, (typeof RUN_SUMMARY_COLUMNS)[number]>;

/** What a list may be sorted by; `-` is the larger or later first. */
export const RUN_SORTS = ['-created_at', 'created_at', '-execution_time_ms', 'execution_time_ms'] as const;
export type RunSort = (typeof RUN_SORTS)[number];

/** What a list can show beside the summary of a run. */
export const RUN_EXTRAS = ['parameters'] as const;
export type RunExtra = (typeof RUN_EXTRAS)[number];

export interface RunsQuery extends RunsWanted {
  readonly project: string;
  readonly sort?: RunSort | undefined;
  /** Strictly after this cursor, or strictly before it; `from: 'end'` is the last page. */
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  readonly from?: 'end' | undefined;
  readonly extras?: readonly RunExtra[] | undefined;
  readonly limit: number;
}

/** A page that can also be turned back; `prev` asks for the page before it, null when it is known that there is none. */
export interface RunsPage extends Page<RunSummary> {
  readonly prev: string | null;
}

/** More jobs than this are looked for row by row instead of one after the other. */
const MOST_JOBS_APART = 64;

/**
 * A page of runs after a cursor, before one, or at the end; never counts, and the last page costs what the first does. Served by the indexes of its
 * filters, by duration by runs_execution_time (project, duration or -1, id). Several statuses, or the jobs of a tag, are as many index scans, merged.
 */
export const listRuns = async (sql: Queryable, query: RunsQuery): Promise<RunsPage> => {
  const { project, sort = '-created_at', after, before, from, extras = [], limit, ...wanted } = query;
  const back = before !== undefined || from === 'end';
  const { order, beyond, keys } = SORTS[back ? OPPOSITE[sort] : sort];
  const cursor = before ?? after;
  const place = cursor === undefined ? null : (readCursor(cursor, sort, isPlaceOf(keys.length)) as Place);
  const { each, rest } = apart(wanted);
  const conditions = [
    ...conditionsOf(sql, project, rest),
    ...(place ? [beyond(sql, place)] : []),
    ...(each ? [sql`r.${sql(each.column)} = wanted.value`] : []),
  ];
  const page = sql`
    select ${sql([...RUN_SUMMARY_COLUMNS, ...extras])} from runs r where ${allOf(sql, conditions)} order by ${order(sql)} limit ${limit + 1}`;
  const rows = each
    ? await sql<RunSummary[]>`
        select r.* from unnest(${[...each.values]}::text[]) as wanted (value) cross join lateral (${page}) r
        order by ${order(sql)} limit ${limit + 1}`
    : await sql<RunSummary[]>`${page}`;
  const items = back ? rows.slice(0, limit).reverse() : rows.slice(0, limit);
  const more = rows.length > limit;
  const at = (row: RunSummary | undefined): string | null =>
    row
      ? writeCursor(
          sort,
          keys.map((key) => (key === 'id' ? row.id : (row.execution_time_ms ?? NO_DURATION))),
        )
      : null;
  return {
    items,
    next: (back ? before !== undefined : more) ? at(items.at(-1)) : null,
    prev: (back ? more : after !== undefined) ? at(items[0]) : null,
  };
};

/** What is looked for value by value, as each has its runs in order, and what is asked of each run found. */
function apart({ status, jobs, ...others }: RunsWanted) {
  if (jobs !== undefined && jobs.length <= MOST_JOBS_APART)
    return { each: { column: 'job', values: jobs }, rest: { ...others, status: status?.length ? status : undefined } } as const;
  if (status !== undefined && status.length > 0) return { each: { column: 'status', values: status }, rest: { ...others, jobs } } as const;
  return { each: null, rest: { ...others, jobs } } as const;
}

type Place = readonly (string | number)[];

/** What has no duration yet counts as shorter than whatever has one, so that a list by duration holds every run. */
const NO_DURATION = -1;
const duration = (sql: Queryable) => sql`coalesce(r.execution_time_ms, -1)`;

const SORTS = {
  '-created_at': {
    keys: ['id'],
    order: (sql: Queryable) => sql`r.id desc`,
    beyond: (sql: Queryable, [id = '']: Place) => sql`r.id < ${id}`,
  },
  created_at: {
    keys: ['id'],
    order: (sql: Queryable) => sql`r.id`,
    beyond: (sql: Queryable, [id = '']: Place) => sql`r.id > ${id}`,
  },
  '-execution_time_ms': {
    keys: ['execution_time_ms', 'id'],
    order: (sql: Queryable) => sql`${duration(sql)} desc, r.id desc`,
    beyond: (sql: Queryable, [ms = NO_DURATION, id = '']: Place) => sql`(${duration(sql)}, r.id) < (${ms}, ${id})`,
  },
  execution_time_ms: {
    keys: ['execution_time_ms', 'id'],
    order: (sql: Queryable) => sql`${duration(sql)}, r.id`,
    beyond: (sql: Queryable, [ms = NO_DURATION, id = '']: Place) => sql`(${duration(sql)}, r.id) > (${ms}, ${id})`,
  },
} as const satisfies Record<RunSort, { keys: readonly ('id' | 'execution_time_ms')[]; order: unknown; beyond: unknown }>;

const OPPOSITE: { readonly [sort in RunSort]: RunSort } = {
  '-created_at': 'created_at',
  created_at: '-created_at',
  '-execution_time_ms': 'execution_time_ms',
  execution_time_ms: '-execution_time_ms',
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const isPlaceOf = (length: number) => (values: readonly Json[]) =>
  values.length === length && UUID.test(String(values.at(-1))) && values.slice(0, -1).every(Number.isSafeInteger);
