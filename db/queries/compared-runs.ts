import type { ComparedStep } from '#jobs/compare.ts';
import type { Queryable } from '../client.ts';

/** Steps of a run as a comparison needs them. Served by the primary key. */
export const findComparedSteps = async (sql: Queryable, run: string): Promise<readonly ComparedStep[]> =>
  sql<ComparedStep[]>`
    select key, parent_key, step_number, target, status, duration_ms, attempt, kept_from, config, outputs, error
    from run_steps where run_id = ${run} order by step_number, length(key), key`;

/** The last run of a job that completed before another one was accepted, or null. Served by runs_completed. */
export const findSuccessBefore = async (sql: Queryable, project: string, job: string, run: string): Promise<string | null> => {
  const [found] = await sql<{ id: string }[]>`
    select id from runs where project = ${project} and job = ${job} and status = 'completed' and id < ${run} order by id desc limit 1`;
  return found?.id ?? null;
};
