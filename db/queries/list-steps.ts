import type { Queryable } from '../client.ts';
import type { RunStepRow, StepAttemptRow } from '../schema/runs.ts';

/** A step with its attempts, first to last, and how many lines its log has. */
export type StepWithAttempts = RunStepRow & { readonly attempts: readonly StepAttemptRow[]; readonly log_lines: number };
type Step = Omit<StepWithAttempts, 'attempts'>;

/** All steps of a run that have started or ended, in the order of the definition, each before its parts. Served by the primary keys. */
export const listSteps = async (sql: Queryable, run: string): Promise<readonly StepWithAttempts[]> => {
  const [steps, attempts] = await Promise.all([
    sql<Step[]>`
      select s.*, ${progressOf(sql)} as progress, ${logLinesOf(sql)} as log_lines from run_steps s
      where s.run_id = ${run} order by s.step_number, coalesce(s.parent_key, s.key), length(s.key), s.key`,
    sql<StepAttemptRow[]>`select * from step_attempts where run_id = ${run} order by key, attempt`,
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
      select s.*, ${progressOf(sql)} as progress, ${logLinesOf(sql)} as log_lines from ${pairs} join run_steps s on s.run_id = wanted.run and s.key = wanted.key`,
    sql<StepAttemptRow[]>`
      select a.* from ${pairs} join step_attempts a on a.run_id = wanted.run and a.key = wanted.key order by a.attempt`,
  ]);
  return withAttempts(steps, attempts);
};

const logLinesOf = (sql: Queryable) => sql`
  coalesce((select first_line + line_count - 1 from log_chunks l
    where l.run_id = s.run_id and l.step_key = s.key order by first_line desc limit 1), 0)`;

/** A step in parts is as far as they are. */
const progressOf = (sql: Queryable) => sql`
  case when coalesce(s.parts, jsonb_array_length(s.targets)) is null or s.ended_at is not null then s.progress else
    (select coalesce(100 * count(*) / nullif(coalesce(s.parts, jsonb_array_length(s.targets)), 0), 0) from run_steps part
      where part.run_id = s.run_id and part.parent_key = s.key and part.ended_at is not null)::smallint end`;

const withAttempts = (steps: readonly Step[], attempts: readonly StepAttemptRow[]): readonly StepWithAttempts[] => {
  const byStep = Map.groupBy(attempts, ({ run_id, key }) => `${run_id} ${key}`);
  return steps.map((step) => ({ ...step, attempts: byStep.get(`${step.run_id} ${step.key}`) ?? [] }));
};
