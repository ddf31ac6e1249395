import type { StepTerms } from '#jobs/step-surgery.ts';
import type { Queryable } from '../client.ts';
import { notify } from '../notices.ts';
import type { StepOverrideRow } from '../schema/step-overrides.ts';

/** A step's activity, as far as these rows name it. */
export interface OverriddenActivity {
  readonly run: string;
  readonly project: string;
  readonly key: string;
  readonly activity_id: string;
}

/** What was changed of these steps, as [run, key], in no order. Served by the primary key. */
export const findOverrides = async (
  sql: Queryable,
  wanted: readonly (readonly [run: string, key: string])[],
): Promise<readonly StepOverrideRow[]> =>
  sql<StepOverrideRow[]>`
    select o.* from unnest(${wanted.map(([run]) => run)}::uuid[], ${wanted.map(([, key]) => key)}::text[]) as wanted (run, key)
    join step_overrides o on o.run_id = wanted.run and o.key = wanted.key`;

/** A column that stays as it is, unless the row is about an earlier activity. */
const kept = (sql: Queryable, columns: readonly string[]) =>
  columns.map((column) => sql`${sql(column)} = case when t.activity_id = excluded.activity_id then t.${sql(column)} end,`);

const TERMS = ['timeout_ms', 'attempts', 'delay_ms', 'backoff', 'max_delay_ms'] as const;

/** Keeps the time and the attempts that a step has from now on. */
export const saveTerms = async (
  sql: Queryable,
  { run, project, key, activity_id }: OverriddenActivity,
  { timeoutMs, retry: { attempts, delayMs, backoff, maxDelayMs } }: StepTerms,
): Promise<void> => {
  await sql`
    insert into step_overrides as t (run_id, key, project, activity_id, timeout_ms, attempts, delay_ms, backoff, max_delay_ms)
    values (${run}, ${key}, ${project}, ${activity_id}, ${timeoutMs}, ${attempts}, ${delayMs}, ${backoff}, ${maxDelayMs})
    on conflict (run_id, key) do update set ${kept(sql, ['numbered_from', 'executions_from'])}
      resets = case when t.activity_id = excluded.activity_id then t.resets else 0 end,
      activity_id = excluded.activity_id, timeout_ms = excluded.timeout_ms, attempts = excluded.attempts, delay_ms = excluded.delay_ms,
      backoff = excluded.backoff, max_delay_ms = excluded.max_delay_ms, changed_at = now()`;
};

/** What Temporal says of attempts when it is about to count them anew. */
export interface Counted {
  /** The next attempt, as Temporal counts. */
  readonly attempt: number;
  /** Attempts of the step before this activity. */
  readonly attemptsBefore: number;
}

/** Keeps numbers of attempts rising although Temporal counts anew. To be called before Temporal is told: numbers may skip some, but none is given twice. */
export const renumberAttempts = async (
  sql: Queryable,
  { run, project, key, activity_id }: OverriddenActivity,
  { attempt, attemptsBefore }: Counted,
): Promise<void> => {
  await sql`
    insert into step_overrides as t (run_id, key, project, activity_id, numbered_from)
    values (${run}, ${key}, ${project}, ${activity_id}, ${attemptsBefore + attempt})
    on conflict (run_id, key) do update set ${kept(sql, ['executions_from', ...TERMS])}
      numbered_from = case when t.activity_id = excluded.activity_id then coalesce(t.numbered_from, ${attemptsBefore}::integer) + ${attempt}::integer
        else excluded.numbered_from end,
      resets = case when t.activity_id = excluded.activity_id then t.resets else 0 end,
      activity_id = excluded.activity_id, changed_at = now()`;
};

/** Has the step begin anew: executions count from now on, and an attempt under way hears of it within a second or two. */
export const beginAnew = async (sql: Queryable, { run, project, key, activity_id }: OverriddenActivity): Promise<void> => {
  await sql`
    insert into step_overrides as t (run_id, key, project, activity_id, executions_from, resets)
    values (${run}, ${key}, ${project}, ${activity_id},
      (select coalesce(max(a.attempt), 0) from step_attempts a where a.run_id = ${run} and a.key = ${key}), 1)
    on conflict (run_id, key) do update set ${kept(sql, ['numbered_from', ...TERMS])}
      executions_from = excluded.executions_from,
      resets = case when t.activity_id = excluded.activity_id then t.resets + 1 else 1 end,
      activity_id = excluded.activity_id, changed_at = now()`;
};

/** What a person did to a step that has not ended, for its row and for the history. */
export interface SurgeryShown {
  readonly run: string;
  readonly key: string;
  /** null leaves the row as it is: only the history tells. */
  readonly status: 'paused' | 'running' | null;
  readonly message: string;
  readonly actor: string;
  /** By how many the executions that are allowed became more or fewer. */
  readonly moreAttempts: number;
}

/** The run, held as by all who change the status of its steps: that counts on its row. */
const lockedRun = (sql: Queryable, run: string) => sql`(select r.id from runs r where r.id = ${run} for no key update)`;

/** Shows a step in parts as paused once all of its parts under way are, and as running again once one of them is. */
export const showWholeSurgery = async (
  sql: Queryable,
  { run, key, status, message, actor }: Omit<SurgeryShown, 'status' | 'moreAttempts'> & { readonly status: 'paused' | 'running' },
): Promise<void> => {
  await sql`
    with shown as (
      update run_steps s set status = ${status}, message = ${status === 'paused' ? message : null}, updated_at = now()
      where s.run_id = ${lockedRun(sql, run)} and s.key = ${key} and s.ended_at is null and s.status = ${status === 'paused' ? 'running' : 'paused'}
      returning s.attempt
    )
    insert into status_history (run_id, step_key, attempt, status, message, actor)
    select ${run}, ${key}, attempt, ${status}, ${message}, ${actor} from shown`;
  await notify(sql, { runs: [run], steps: [[run, key]] });
};

/** Shows it; a step that has ended meanwhile, or goes on already, keeps its status. */
export const showSurgery = async (sql: Queryable, { run, key, status, message, actor, moreAttempts }: SurgeryShown): Promise<void> => {
  await sql`
    with shown as (
      update run_steps s set
        status = case when ${status}::text = 'paused' or (${status}::text = 'running' and s.status = 'paused') then ${status} else s.status end,
        message = case when ${status}::text = 'paused' then ${message} when ${status}::text = 'running' and s.status = 'paused' then null else s.message end,
        attempts_allowed = greatest(s.attempt, s.attempts_allowed + ${moreAttempts}), updated_at = now()
      where s.run_id = ${lockedRun(sql, run)} and s.key = ${key} and s.ended_at is null
      returning s.attempt, s.status
    )
    insert into status_history (run_id, step_key, attempt, status, message, actor)
    select ${run}, ${key}, attempt, coalesce(${status}, status), ${message}, ${actor} from shown`;
  await notify(sql, { runs: [run], steps: [[run, key]] });
};
