import { jsonRows, type Queryable } from '../client.ts';
import type { EncodedLines } from '../log-chunk.ts';
import { CHANNEL, noticePayloads } from '../notices.ts';

/** Encoded lines with their place: `first_line` counts from 1 per step key, through all attempts. */
export interface LogChunk extends EncodedLines {
  readonly run: string;
  /** Empty for the run's own lines. */
  readonly key: string;
  readonly attempt: number;
  readonly first_line: number;
}

/**
 * Stores chunks, of any runs and steps, with one notice. A chunk stored before is replaced only by one that holds more; what an older attempt still writes
 * is dropped, and lines it stored where a newer attempt's begin are replaced; logs of deleted runs stay deleted.
 */
export const appendLog = async (sql: Queryable, chunks: readonly LogChunk[]): Promise<void> => {
  if (chunks.length === 0) return;
  const rows = chunks.map(({ data, first_error, ...chunk }) => ({
    ...chunk,
    first_error_line: first_error === null ? null : chunk.first_line + first_error,
    data: Buffer.from(data).toString('base64'),
  }));
  await sql`
    with stored as (
      insert into log_chunks as t (run_id, step_key, first_line, attempt, line_count, byte_count, started_at, ended_at, first_error_line, data)
      select run, key, first_line, attempt, line_count, byte_count, started_at, ended_at, first_error_line, decode(data, 'base64')
      from jsonb_to_recordset(${jsonRows(sql, rows)}) as c (
        run uuid, key text, first_line integer, attempt integer, line_count integer, byte_count integer, started_at timestamptz,
        ended_at timestamptz, first_error_line integer, data text)
      where exists (select from runs r where r.id = c.run)
        and not exists (select from run_steps s where s.run_id = c.run and s.key = c.key and s.attempt > c.attempt)
      order by run, key, first_line
      on conflict (run_id, step_key, first_line) do update set attempt = excluded.attempt, line_count = excluded.line_count,
        byte_count = excluded.byte_count, started_at = excluded.started_at, ended_at = excluded.ended_at,
        first_error_line = excluded.first_error_line, data = excluded.data
      where (excluded.attempt, excluded.line_count) > (t.attempt, t.line_count)
    )
    select pg_notify(${CHANNEL}, payload) from unnest(${noticePayloads({ logs: lastLines(chunks) })}::text[]) as payload`;
};

const lastLines = (chunks: readonly LogChunk[]): [run: string, key: string, last: number][] => {
  const logs = new Map<string, [string, string, number]>();
  for (const { run, key, first_line, line_count } of chunks) {
    const id = `${run} ${key}`;
    logs.set(id, [run, key, Math.max(logs.get(id)?.[2] ?? 0, first_line + line_count - 1)]);
  }
  return [...logs.values()];
};
