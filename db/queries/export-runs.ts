import type { Json } from '#jobs/json.ts';
import { bounded } from '../bounded.ts';
import type { Sql } from '../client.ts';
import { RUN_SUMMARY_COLUMNS } from '../schema/words.ts';
import { listRuns, type RunSummary, type RunsQuery } from './list-runs.ts';

/** What an export can show of a run; `executed_at` is when it began, as its predecessors called it. */
export const RUN_EXPORT_COLUMNS = [...RUN_SUMMARY_COLUMNS, 'parameters', 'executed_at'] as const;
export type RunExportColumn = (typeof RUN_EXPORT_COLUMNS)[number];

/** Runs read at a time, and how long that may take: whoever exports can wait. */
const PAGE = 1000;
const PAGE_MS = 25_000;

/** All runs of a list in its order, page by page, so that no more than one stands in memory. Served as `listRuns` is. */
export async function* exportRuns(
  sql: Sql,
  query: Omit<RunsQuery, 'limit' | 'after' | 'before' | 'from' | 'extras'>,
  columns: readonly RunExportColumn[],
): AsyncGenerator<readonly (readonly Json[])[]> {
  const extras = columns.includes('parameters') ? (['parameters'] as const) : [];
  let after: string | undefined;
  do {
    const page = await bounded(sql, PAGE_MS, (tx) => listRuns(tx, { ...query, after, extras, limit: PAGE }));
    yield page.items.map((run) => columns.map((column) => cellOf(run, column)));
    after = page.next ?? undefined;
  } while (after !== undefined);
}

const cellOf = (run: RunSummary, column: RunExportColumn): Json => {
  if (column === 'executed_at') return run.started_at;
  return ((run as { readonly [name: string]: unknown })[column] ?? null) as Json;
};
