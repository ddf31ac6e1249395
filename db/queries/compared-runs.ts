import type { ComparedStep } from '#jobs/compare.ts';
import type { Queryable } from '../client.ts';

/** Bytes of what a part hands on, or was asked, that are compared in full: of ten thousand parts, all of it would fill the memory. */
const LARGEST = 2_048;

/** Steps of a run as a comparison needs them; what is large of a part is told by its size and a hash. Served by the primary key. */
export const findComparedSteps = async (sql: Queryable, run: string): Promise<readonly ComparedStep[]> =>
  sql<ComparedStep[]>`
    select key, parent_key, step_number, target, item, status, duration_ms, attempt, kept_from, ${shortened(sql, 'config')}, ${shortened(sql, 'outputs')}, error
    from run_steps where run_id = ${run} order by step_number, length(key), key`;

const shortened = (sql: Queryable, column: 'config' | 'outputs') => sql`
  case when parent_key is null or octet_length(${sql(column)}::text) <= ${LARGEST} then ${sql(column)}
    else jsonb_build_object('bytes', octet_length(${sql(column)}::text), 'md5', md5(${sql(column)}::text)) end as ${sql(column)}`;

/** The last run of a job that completed before another one was accepted, or null. Served by runs_completed. */
export const findSuccessBefore = async (sql: Queryable, project: string, job: string, run: string): Promise<string | null> => {
  const [found] = await sql<{ id: string }[]>`
    select id from runs where project = ${project} and job = ${job} and status = 'completed' and id < ${run} order by id desc limit 1`;
  return found?.id ?? null;
};
