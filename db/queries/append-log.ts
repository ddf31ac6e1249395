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
  /** Refused also when a later attempt of the step begins at this very moment, so that it reads what was stored and nothing follows. */
  readonly fenced: boolean;
  /** Raw bytes of each stream of the execution that stand in the log up to the end of this chunk. */
  readonly stdout_bytes: number;
  readonly stderr_bytes: number;
}

/** A chunk that was not stored because a later attempt of the step has begun. */
export type RefusedChunk = Pick<LogChunk, 'run' | 'key' | 'first_line'>;

/**
 * Stores chunks, of any runs and steps, with one notice. A chunk stored before is replaced only by one that holds more; what an older attempt still writes
 * is dropped, and lines it stored where a newer attempt's begin are replaced; logs of deleted runs stay deleted. Answers which fenced ones
 * were refused.
 */
export const appendLog = async (sql: Queryable, chunks: readonly LogChunk[]): Promise<readonly RefusedChunk[]> => {
  if (chunks.length === 0) return [];
  const rows = chunks.map(({ data, first_error, ...chunk }) => ({
    ...chunk,
    first_error_line: first_error === null ? null : chunk.first_line + first_error,
    data: Buffer.from(data).toString('base64'),
  }));
  const fenced = rows.filter((row) => row.fenced).map(({ run, key, first_line, attempt }) => ({ run, key, first_line, attempt }));
  // The lock waits for a start that is being written, and the row is then seen as it is after it. What is asked of that row is asked apart: beside the
  // lock, a condition over other rows makes PostgreSQL 18.4 crash when the row was changed meanwhile.
  const refused = sql`fenced as materialized (
      select * from jsonb_to_recordset(${jsonRows(sql, fenced)}) as f (run uuid, key text, first_line integer, attempt integer)
    ), locked as materialized (
      select l.* from (select run, key from fenced order by run, key) f cross join lateral (
        select s.run_id, s.key, s.attempt from run_steps s where s.run_id = f.run and s.key = f.key for share
      ) l
    ), refused as materialized (
      select f.run, f.key, f.first_line from fenced f where exists (
        select from locked l where l.run_id = f.run and l.key = f.key and l.attempt > f.attempt)
    ),`;
  const unrefused = sql`and not exists (select from refused f where f.run = c.run and f.key = c.key and f.first_line = c.first_line)`;
  const answers = await sql<(RefusedChunk | { run: null })[]>`
    with ${fenced.length > 0 ? refused : sql``} stored as (
      insert into log_chunks as t (run_id, step_key, first_line, attempt, line_count, byte_count, started_at, ended_at, first_error_line,
        stdout_bytes, stderr_bytes, data)
      select run, key, first_line, attempt, line_count, byte_count, started_at, ended_at, first_error_line, stdout_bytes, stderr_bytes,
        decode(data, 'base64')
      from jsonb_to_recordset(${jsonRows(sql, rows)}) as c (
        run uuid, key text, first_line integer, attempt integer, line_count integer, byte_count integer, started_at timestamptz,
        ended_at timestamptz, first_error_line integer, stdout_bytes bigint, stderr_bytes bigint, data text)
      where exists (select from runs r where r.id = c.run)
        and not exists (select from run_steps s where s.run_id = c.run and s.key = c.key and s.attempt > c.attempt)
        ${fenced.length > 0 ? unrefused : sql``}
      order by run, key, first_line
      on conflict (run_id, step_key, first_line) do update set attempt = excluded.attempt, line_count = excluded.line_count,
        byte_count = excluded.byte_count, started_at = excluded.started_at, ended_at = excluded.ended_at,
        first_error_line = excluded.first_error_line, stdout_bytes = excluded.stdout_bytes,
        stderr_bytes = excluded.stderr_bytes, data = excluded.data
      where (excluded.attempt, excluded.line_count) > (t.attempt, t.line_count)
    )
    ${fenced.length > 0 ? sql`select run::text, key, first_line, '' as sent from refused union all` : sql``}
    select null as run, null as key, null::integer as first_line, pg_notify(${CHANNEL}, payload)::text as sent
    from unnest(${noticePayloads({ logs: lastLines(chunks) })}::text[]) as payload`;
  return answers.flatMap((answer) => (answer.run === null ? [] : [{ run: answer.run, key: answer.key, first_line: answer.first_line }]));
};

const lastLines = (chunks: readonly LogChunk[]): [run: string, key: string, last: number][] => {
  const logs = new Map<string, [string, string, number]>();
  for (const { run, key, first_line, line_count } of chunks) {
    const id = `${run} ${key}`;
    logs.set(id, [run, key, Math.max(logs.get(id)?.[2] ?? 0, first_line + line_count - 1)]);
  }
  return [...logs.values()];
};
