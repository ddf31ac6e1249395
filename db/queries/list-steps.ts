import type { StepStatus } from '#jobs/run-state.ts';
import type { Queryable } from '../client.ts';
import type { RunStepRow, StepAttemptRow } from '../schema/runs.ts';
import { ATTEMPT_COLUMNS } from '../schema/words.ts';

/** A step with its attempts, first to last, how many lines its log has, and how many of its parts have which status. */
export type StepWithAttempts = RunStepRow & {
  readonly attempts: readonly StepAttemptRow[];
  readonly log_lines: number;
  readonly parts_by_status: { readonly [status in StepStatus]?: number } | null;
};
type Step = Omit<StepWithAttempts, 'attempts'>;

/** All steps of a run that have started or ended, in the order of the definition, each before its parts; with `parts` only so many of each step's, first those a person may have to look at. Served by the primary keys. */
export const listSteps = async (sql: Queryable, run: string, parts?: number): Promise<readonly StepWithAttempts[]> => {
  const [steps, attempts] = await Promise.all([
    sql<Step[]>`
      select s.*, ${progressOf(sql)} as progress, ${logLinesOf(sql)} as log_lines, ${partsByStatus(sql)} as parts_by_status from run_steps s
      where s.run_id = ${run}${parts === undefined ? sql`` : sql` and s.key in ${keysWithParts(sql, run, parts)}`}
      order by s.step_number, coalesce(s.parent_key, s.key), length(s.key), s.key`,
    sql<StepAttemptRow[]>`
      select ${sql([...ATTEMPT_COLUMNS])} from step_attempts where run_id = ${run}${parts === undefined ? sql`` : sql` and key in ${keysWithParts(sql, run, parts)}`}
      order by key, attempt`,
  ]);
  return withAttempts(steps, attempts);
};

/** These steps, as [run, key], in no order; those that are gone are left out. Served by the primary keys. */
export const findSteps = async (
  sql: Queryable,
  wanted: readonly (readonly [run: string, key: string])[],
): Promise<readonly StepWithAttempts[]> => {
  const pairs = sql`unnest(${wanted.map(([run]) => run)}::uuid[], ${wanted.map(([, key]) => key)}::text[]) as wanted (run, key)`;
  const [steps, attempts] = await Promise.all([
    sql<Step[]>`
      select s.*, ${progressOf(sql)} as progress, ${logLinesOf(sql)} as log_lines, ${partsByStatus(sql)} as parts_by_status from ${pairs} join run_steps s on s.run_id = wanted.run and s.key = wanted.key`,
    sql<StepAttemptRow[]>`
      select ${sql(ATTEMPT_COLUMNS.map((column) => `a.${column}`))} from ${pairs} join step_attempts a on a.run_id = wanted.run and a.key = wanted.key order by a.attempt`,
  ]);
  return withAttempts(steps, attempts);
};

const logLinesOf = (sql: Queryable) => sql`
  coalesce((select first_line + line_count - 1 from log_chunks l
    where l.run_id = s.run_id and l.step_key = s.key order by first_line desc limit 1), 0)`;

/** A step in parts is as far as they are. */
export const progressOf = (sql: Queryable) => sql`
  case when coalesce(s.parts, jsonb_array_length(s.targets)) is null or s.ended_at is not null then s.progress else
    (select coalesce(100 * count(*) / nullif(coalesce(s.parts, jsonb_array_length(s.targets)), 0), 0) from run_steps part
      where part.run_id = s.run_id and part.parent_key = s.key and part.ended_at is not null)::smallint end`;

/** How many parts of a step have which status; null for one without. */
export const partsByStatus = (sql: Queryable) => sql`
  case when coalesce(s.parts, jsonb_array_length(s.targets)) is not null then (select coalesce(jsonb_object_agg(status, count), '{}') from (
    select part.status, count(*)::integer as count from run_steps part
    where part.run_id = s.run_id and part.parent_key = s.key group by part.status) by_status) end`;

/** Steps, and of each the first parts: what ended badly, what waits, what is under way, then the others as they are numbered. */
const keysWithParts = (sql: Queryable, run: string, most: number) => sql`(
  select key from (select key, parent_key, row_number() over (partition by parent_key order by case
      when status in ('failed', 'timed_out', 'missed', 'lost') then 0 when status in ('waiting', 'paused') then 1
      when status in ('retrying', 'running') then 2 else 3 end, length(key), key) as place
    from run_steps where run_id = ${run}) placed
  where parent_key is null or place <= ${most})`;

const withAttempts = (steps: readonly Step[], attempts: readonly StepAttemptRow[]): readonly StepWithAttempts[] => {
  const byStep = Map.groupBy(attempts, ({ run_id, key }) => `${run_id} ${key}`);
  return steps.map((step) => ({ ...step, attempts: byStep.get(`${step.run_id} ${step.key}`) ?? [] }));
};
