import type { Plan } from '#jobs/plan.ts';
import type { Queryable } from '../client.ts';
import type { RunInputRow, RunRow } from '../schema/runs.ts';
import { RUN_SUMMARY_COLUMNS } from '../schema/words.ts';
import type { RunSummary } from './list-runs.ts';

/** A run with the plan it follows; `plan` is null when neither its job's version nor a definition of its own is stored. */
export type RunWithPlan = RunRow & { readonly plan: Plan | null } & Pick<RunInputRow, 'warnings' | 'rerun'> & {
    readonly selected_steps: RunInputRow['steps'];
    /** The backfill that wanted it; absent for a run that was just accepted. */
    readonly backfill?: string | null;
  };

/** One run of a project, or null. Served by the primary key, and for one of a schedule by schedule_fires_run. */
export const findRun = async (sql: Queryable, project: string, id: string): Promise<RunWithPlan | null> => {
  const [row] = await sql<RunWithPlan[]>`
    select r.*, coalesce(v.plan, i.plan) as plan, i.warnings, i.rerun, i.steps as selected_steps,
      case when r.schedule_id is not null then (select f.backfill from schedule_fires f where f.run = r.id limit 1) end as backfill
    from runs r left join job_versions v on v.job_id = r.job_id and v.version = r.version left join run_inputs i on i.run_id = ${id}
    where r.id = ${id} and r.project = ${project}`;
  return row ?? null;
};

/** What a run started with that no version of a job holds, or null. Served by the primary key. */
export const findRunInput = async (sql: Queryable, id: string): Promise<RunInputRow | null> => {
  const [row] = await sql<RunInputRow[]>`select * from run_inputs where run_id = ${id}`;
  return row ?? null;
};

/** Summaries of these runs, of any project, in no order; those that are gone are left out. Served by the primary key. */
export const findRunSummaries = async (sql: Queryable, ids: readonly string[]): Promise<readonly RunSummary[]> =>
  sql<RunSummary[]>`select ${sql([...RUN_SUMMARY_COLUMNS])} from runs where id = any(${ids}::uuid[])`;
