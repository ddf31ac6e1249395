import type { Queryable } from '../client.ts';
import type { RunStepRow, StepAttemptRow } from '../schema/runs.ts';
import { partsByStatus, progressOf, type StepWithAttempts } from './list-steps.ts';

/** What a list of many steps shows of each: where it stands, when, and how often it was tried. What it was given and gave is asked for by itself. */
export type StepSummaryRow = Pick<
  RunStepRow,
  | 'key'
  | 'step_id'
  | 'step_number'
  | 'parent_key'
  | 'status'
  | 'waiting_for'
  | 'message'
  | 'error'
  | 'hold'
  | 'exit_code'
  | 'target'
  | 'targets'
  | 'item'
  | 'parts'
  | 'kept_from'
  | 'skip_reason'
  | 'attempt'
  | 'attempts_allowed'
  | 'progress'
  | 'progress_message'
  | 'started_at'
  | 'ended_at'
  | 'duration_ms'
  | 'updated_at'
> &
  Pick<StepWithAttempts, 'parts_by_status'> & { readonly attempts: readonly AttemptSummaryRow[] };

type AttemptSummaryRow = Pick<StepAttemptRow, 'attempt' | 'status' | 'started_at' | 'ended_at'>;

/** Characters of a message that a line has room for. */
const LONGEST = 500;

/** All steps of a run that have started or ended, each before its parts, with long messages cut; what is waited for only while it is. Served by the primary keys. */
export const listStepSummaries = async (sql: Queryable, run: string): Promise<readonly StepSummaryRow[]> => {
  const [steps, attempts] = await Promise.all([
    sql<Omit<StepSummaryRow, 'attempts'>[]>`
      select s.key, s.step_id, s.step_number, s.parent_key, s.status, s.waiting_for, left(s.message, ${LONGEST}) as message,
        case when s.error is not null then jsonb_build_object('type', s.error->'type', 'message', left(s.error->>'message', ${LONGEST})) end as error,
        case when s.ended_at is null then s.hold end as hold, s.exit_code, s.target, s.targets, s.item, s.parts, s.kept_from, s.skip_reason,
        s.attempt, s.attempts_allowed, ${progressOf(sql)} as progress, case when s.ended_at is null then s.progress_message end as progress_message,
        s.started_at, s.ended_at, s.duration_ms, s.updated_at, ${partsByStatus(sql)} as parts_by_status
      from run_steps s where s.run_id = ${run}
      order by s.step_number, coalesce(s.parent_key, s.key), length(s.key), s.key`,
    sql<(AttemptSummaryRow & { readonly key: string })[]>`
      select key, attempt, status, started_at, ended_at from step_attempts where run_id = ${run} order by key, attempt`,
  ]);
  const byStep = Map.groupBy(attempts, ({ key }) => key);
  return steps.map((step) => ({ ...step, attempts: byStep.get(step.key)?.map(({ key: _, ...attempt }) => attempt) ?? [] }));
};
