import type { StepError } from '#jobs/failure.ts';
import type { StepStatus } from '#jobs/run-state.ts';
import type { Queryable } from '../client.ts';

export interface PreviousAttempt {
  readonly attempt: number;
  readonly status: StepStatus;
  readonly error: StepError | null;
  readonly worker_id: string | null;
  readonly started_at: string | null;
  /** null: nobody saw it end. */
  readonly ended_at: string | null;
  /** Of the step's log so far; a new attempt writes on after it. */
  readonly last_line: number;
}

/** The newest attempt of a step before this one, or null if there was none. Served by the primary keys of step_attempts and log_chunks. */
export const previousAttempt = async (sql: Queryable, run: string, key: string, attempt: number): Promise<PreviousAttempt | null> => {
  const [row] = await sql<PreviousAttempt[]>`
    select attempt, status, error, worker_id, started_at, ended_at, coalesce((
      select first_line + line_count - 1 from log_chunks where run_id = ${run} and step_key = ${key} order by first_line desc limit 1
    ), 0) as last_line
    from step_attempts where run_id = ${run} and key = ${key} and attempt < ${attempt}
    order by attempt desc limit 1`;
  return row ?? null;
};
