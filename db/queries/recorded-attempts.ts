import type { StepError } from '#jobs/failure.ts';
import type { JsonObject } from '#jobs/json.ts';
import type { StepStatus } from '#jobs/run-state.ts';
import type { Queryable } from '../client.ts';

/** What the rows say of one attempt of a step. */
export interface RecordedAttempt {
  readonly key: string;
  readonly attempt: number;
  /** `running`: nobody saw it end. */
  readonly status: StepStatus;
  readonly error: StepError | null;
  /** It took up what an earlier attempt had begun. */
  readonly reattached: boolean;
  /** Of the newest attempt, once it completed. */
  readonly outputs: JsonObject | null;
  /** Of the step's log so far; a new attempt writes on after it. */
  readonly last_line: number;
  /** The attempt that wrote the newest part of the step's log, and the raw bytes of each stream that its execution has in there; null while there is none. */
  readonly last_writer: number | null;
  readonly stdout_bytes: number | null;
  readonly stderr_bytes: number | null;
}

/** All attempts of these steps, each step's first to last. Served by the primary keys of step_attempts, run_steps and log_chunks. */
export const recordedAttempts = async (sql: Queryable, run: string, keys: readonly string[]): Promise<readonly RecordedAttempt[]> =>
  sql<RecordedAttempt[]>`
    select a.key, a.attempt, case when a.ended_at is null then 'running' else a.status end as status, a.error, a.reattached,
      (select s.outputs from run_steps s where s.run_id = a.run_id and s.key = a.key and s.attempt = a.attempt) as outputs,
      coalesce(l.first_line + l.line_count - 1, 0) as last_line, l.attempt as last_writer, l.stdout_bytes, l.stderr_bytes
    from step_attempts a
    left join lateral (
      select c.first_line, c.line_count, c.attempt, c.stdout_bytes, c.stderr_bytes from log_chunks c
      where c.run_id = a.run_id and c.step_key = a.key order by c.first_line desc limit 1
    ) l on true
    where a.run_id = ${run} and a.key = any(${[...keys]}::text[])
    order by a.key, a.attempt`;
