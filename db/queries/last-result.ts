import type { Json } from '#jobs/json.ts';
import type { Queryable } from '../client.ts';

/** What the newest completed run of a job answered, or null when none has; definitions of people's own may bear any name and are none of its. Served by runs_job (project, job, id desc). */
export const lastResult = async (
  sql: Queryable,
  project: string,
  job: string,
): Promise<{ readonly number: number; readonly result: Json } | null> => {
  const [row] = await sql<{ number: number; result: Json }[]>`
    select number, result_data as result from runs where project = ${project} and job = ${job} and job_id is not null and status = 'completed'
    order by id desc limit 1`;
  return row ?? null;
};
