import type { RerunFacts } from '#jobs/rerun.ts';
import { jsonRows, type Queryable } from '../client.ts';
import type { RunStepRow } from '../schema/runs.ts';

/** What a run begins with of an earlier one. */
export interface Rerun {
  readonly of: string;
  readonly facts: RerunFacts;
  /** The rows of that run that this one starts with. */
  readonly rows: readonly KeptRow[];
}

/** A row of the earlier run, by its key, with what it says in the new one. */
export interface KeptRow {
  readonly key: string;
  readonly number: number;
  readonly name: string;
  /** Null: what it says in the earlier run. */
  readonly message: string | null;
}

/** What a kept result brings along; attempts and logs stay with the run that made them. */
const COLUMNS = [
  'key',
  'project',
  'step_id',
  'parent_key',
  'type',
  'status',
  'skip_reason',
  'config',
  'outputs',
  'result',
  'exit_code',
  'stdout',
  'stderr',
  'target',
  'targets',
  'item',
  'parts',
  'hold',
  'worker_id',
  'progress',
  'started_at',
  'ended_at',
] as const satisfies readonly (keyof RunStepRow)[];

/** Part of the statement that accepts a run: gives the run `accepted` the rows it keeps. */
export const keptRows = (sql: Queryable, { of, rows }: Rerun) => sql`
  insert into run_steps (${sql([...COLUMNS])}, run_id, step_number, name, message, kept_from)
  select ${COLUMNS.flatMap((column) => [sql`s.${sql(column)}`, sql`, `])} accepted.id, k.number, k.name, coalesce(k.message, s.message),
    coalesce(s.kept_from, s.run_id)
  from accepted, jsonb_to_recordset(${jsonRows(sql, rows)}) as k (key text, number integer, name text, message text)
  join run_steps s on s.run_id = ${of} and s.key = k.key`;
