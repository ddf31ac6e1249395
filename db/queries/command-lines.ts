import type { Queryable } from '../client.ts';

/** A command of a step with the place of its lines in the step's log; `last_line` is null while it runs. */
export interface CommandLines {
  readonly attempt: number;
  readonly number: number;
  readonly command: string;
  readonly exit_code: number | null;
  readonly executed_at: string;
  readonly duration_ms: number | null;
  readonly first_line: number;
  readonly last_line: number | null;
}

/** The first so many commands of a step whose lines are told apart in its log, in order; commands are cut to 200 characters. Served by the primary key of command_results. */
export const listCommandLines = async (sql: Queryable, run: string, key: string, limit: number): Promise<readonly CommandLines[]> =>
  sql<CommandLines[]>`
    select attempt, number, left(command, 200) as command, exit_code, executed_at, duration_ms, first_line, last_line from command_results
    where run_id = ${run} and key = ${key} and first_line is not null order by attempt, number limit ${limit}`;
