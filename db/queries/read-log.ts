import type { Queryable } from '../client.ts';
import { decodeLines, isContinued, type LogLine } from '../log-chunk.ts';

/** A line as readers get it: numbered from 1, with the attempt that wrote it; `at` is ISO 8601; `continued` when the next line goes on with it. */
export type NumberedLine = Omit<LogLine, 'at' | 'context'> & {
  readonly n: number;
  readonly at: string;
  readonly attempt: number;
  readonly continued?: true;
};

/** The line of that number, as readers get it. */
export const numbered = (line: LogLine, n: number, attempt: number): NumberedLine => ({
  n,
  at: new Date(line.at).toISOString(),
  stream: line.stream,
  level: line.level,
  text: line.text,
  attempt,
  ...(isContinued(line) && { continued: true as const }),
});

export interface LogPage {
  readonly items: readonly NumberedLine[];
  /** Number of the first line of the page; 0 when the log is empty. */
  readonly first: number;
  /** Number of the last line of the page; 0 when the page is empty. */
  readonly last: number;
  readonly total: number;
  readonly first_error_line: number | null;
}

/**
 * Part of a step's log: `limit` lines from line `from` on; a negative `from` counts from the end, -1 is the last line. Of lines that are longer than
 * `mostBytes` together there are fewer, at least one: the first of them, or the last when counted from the end. Served by the primary key of log_chunks.
 */
export const readLog = async (
  sql: Queryable,
  run: string,
  key: string,
  from: number,
  limit: number,
  mostBytes = Number.POSITIVE_INFINITY,
): Promise<LogPage> => {
  const fromEnd = from < 0;
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
      select * from (
        select first_line, attempt, started_at, data,
          sum(byte_count) over (order by first_line * ${fromEnd ? -1 : 1}) - byte_count as bytes_nearer
        from log_chunks
        where run_id = ${run} and step_key = ${key} and first_line < w.first + ${limit} and first_line >= coalesce((
          select first_line from log_chunks
          where run_id = ${run} and step_key = ${key} and first_line <= w.first order by first_line desc limit 1
        ), 1)
      ) near
      where bytes_nearer <= ${mostBytes}::float8
    ) c on true
    order by c.first_line`;
  const { total = 0, wanted_first: first = 1, first_error_line = null } = rows[0] ?? {};
  const items = upTo(mostBytes, linesOf(rows, first, first + limit - 1), fromEnd);
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
      items.push(numbered(line, n, attempt));
      next = n + 1;
    }
  }
  return items;
};

const upTo = (mostBytes: number, lines: readonly NumberedLine[], fromEnd: boolean): readonly NumberedLine[] => {
  let bytes = 0;
  const isTooMuch = ({ text }: NumberedLine) => {
    bytes += Buffer.byteLength(text);
    return bytes > mostBytes;
  };
  if (fromEnd) return lines.slice(Math.min(lines.length - 1, lines.findLastIndex(isTooMuch) + 1));
  const end = lines.findIndex(isTooMuch);
  return end < 0 ? lines : lines.slice(0, Math.max(1, end));
};
