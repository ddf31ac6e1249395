import type { Queryable } from '../client.ts';
import { decodeLines, type LogLine } from '../log-chunk.ts';

/** A line as readers get it: numbered from 1, with the attempt that wrote it; `at` is ISO 8601. */
export type NumberedLine = Omit<LogLine, 'at'> & { readonly n: number; readonly at: string; readonly attempt: number };

export interface LogPage {
  readonly items: readonly NumberedLine[];
  /** Number of the first line of the page; 0 when the log is empty. */
  readonly first: number;
  /** Number of the last line of the page; 0 when the page is empty. */
  readonly last: number;
  readonly total: number;
  readonly first_error_line: number | null;
}

/** Part of a step's log: `limit` lines from line `from` on; a negative `from` counts from the end, -1 is the last line. Served by the primary key of log_chunks. */
export const readLog = async (sql: Queryable, run: string, key: string, from: number, limit: number): Promise<LogPage> => {
  const rows = await sql<LogRow[]>`
    with extent as (
      select coalesce((
        select first_line + line_count - 1 from log_chunks where run_id = ${run} and step_key = ${key} order by first_line desc limit 1
      ), 0) as total
    ), wanted as (
      select total, case when ${from} < 0 then greatest(total + ${from} + 1, 1) else greatest(${from}, 1) end as first from extent
    )
    select w.total, w.first as wanted_first, c.first_line, c.attempt, c.started_at, c.data, (
      select min(first_error_line) from log_chunks where run_id = ${run} and step_key = ${key} and first_error_line is not null
    ) as first_error_line
    from wanted w left join lateral (
      select first_line, attempt, started_at, data from log_chunks
      where run_id = ${run} and step_key = ${key} and first_line < w.first + ${limit} and first_line >= coalesce((
        select first_line from log_chunks
        where run_id = ${run} and step_key = ${key} and first_line <= w.first order by first_line desc limit 1
      ), 1)
      order by first_line
    ) c on true
    order by c.first_line`;
  const { total = 0, wanted_first: first = 1, first_error_line = null } = rows[0] ?? {};
  const items = linesOf(rows, first, first + limit - 1);
  return { items, first: items[0]?.n ?? 0, last: items.at(-1)?.n ?? 0, total, first_error_line };
};

interface LogRow {
  readonly total: number;
  readonly wanted_first: number;
  readonly first_error_line: number | null;
  /** These are null when no chunk is in the range. */
  readonly first_line: number | null;
  readonly attempt: number;
  readonly started_at: string;
  readonly data: Uint8Array;
}

const linesOf = (rows: readonly LogRow[], first: number, last: number): readonly NumberedLine[] => {
  const items: NumberedLine[] = [];
  let next = first;
  for (const { first_line, attempt, started_at, data } of rows) {
    if (first_line === null) continue;
    for (const [index, line] of decodeLines(data, started_at).entries()) {
      const n = first_line + index;
      if (n < next || n > last) continue;
      items.push({ ...line, n, at: new Date(line.at).toISOString(), attempt });
      next = n + 1;
    }
  }
  return items;
};
