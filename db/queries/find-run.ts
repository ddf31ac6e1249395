import type { Plan } from '#jobs/plan.ts';
import type { Queryable } from '../client.ts';
import type { RunRow } from '../schema/runs.ts';
import { RUN_SUMMARY_COLUMNS } from '../schema/words.ts';
import type { RunSummary } from './list-runs.ts';

/** A run with the plan it follows; `plan` is null when its definition was not a stored version. */
export type RunWithPlan = RunRow & { readonly plan: Plan | null };

/** One run of a project, or null. Served by the primary key. */
export const findRun = async (sql: Queryable, project: string, id: string): Promise<RunWithPlan | null> => {
  const [row] = await sql<RunWithPlan[]>`
    select r.*, v.plan from runs r left join job_versions v on v.job_id = r.job_id and v.version = r.version
    where r.id = ${id} and r.project = ${project}`;
  return row ?? null;
};

/** Summaries of these runs, of any project, in no order; those that are gone are left out. Served by the primary key. */
export const findRunSummaries = async (sql: Queryable, ids: readonly string[]): Promise<readonly RunSummary[]> =>
  sql<RunSummary[]>`select ${sql([...RUN_SUMMARY_COLUMNS])} from runs where id = any(${ids}::uuid[])`;
