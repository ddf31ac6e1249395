import type { Json } from '#jobs/json.ts';
import { jsonRows, type Queryable } from '../client.ts';
import { CHANNEL, noticePayloads } from '../notices.ts';

/** One command of a step as it stands; `attempt` is the one that began the execution. */
export interface CommandRecord {
  readonly run: string;
  readonly key: string;
  readonly attempt: number;
  readonly number: number;
  readonly target: string | null;
  readonly command: string;
  readonly output: string;
  readonly error: string;
  readonly exit_code: number | null;
  readonly executed_at: string;
  readonly duration_ms: number | null;
  readonly parsed: Json;
  readonly first_line: number | null;
  readonly last_line: number | null;
}

/** Writes commands, of any runs and steps, over what was told of them before; what is known to have ended is not opened again, and where its lines begin stays. Commands of deleted runs stay deleted. Served by the primary key. */
export const recordCommands = async (sql: Queryable, commands: readonly CommandRecord[]): Promise<void> => {
  if (commands.length === 0) return;
  const rows = [...new Map(commands.map((row) => [`${row.run} ${row.attempt} ${row.number} ${row.key}`, row])).values()];
  const notice = { commands: [...new Map(rows.map(({ run, key }) => [`${run} ${key}`, [run, key] as const])).values()] };
  await sql`
    with written as (
      insert into command_results as t (run_id, key, attempt, number, target, command, output, error, exit_code, executed_at, duration_ms, parsed,
        first_line, last_line)
      select run, key, attempt, number, target, command, output, error, exit_code, executed_at, duration_ms, parsed, first_line, last_line
      from jsonb_to_recordset(${jsonRows(sql, rows)}) as c (
        run uuid, key text, attempt integer, number integer, target text, command text, output text, error text, exit_code integer,
        executed_at timestamptz, duration_ms bigint, parsed jsonb, first_line integer, last_line integer)
      where exists (select from runs r where r.id = c.run)
      order by run, key, attempt, number
      on conflict (run_id, key, attempt, number) do update set target = excluded.target, command = excluded.command,
        output = excluded.output, error = excluded.error, exit_code = excluded.exit_code, executed_at = excluded.executed_at,
        duration_ms = excluded.duration_ms, parsed = excluded.parsed, 
        first_line = coalesce(excluded.first_line, t.first_line), last_line = excluded.last_line
      where t.duration_ms is null or excluded.duration_ms is not null
    )
    select pg_notify(${CHANNEL}, payload) from unnest(${noticePayloads(notice)}::text[]) as payload`;
};
