import type { Queryable } from '../client.ts';

/** The number of the attempt that a step of a run has come to, as its row or its log tells; null when there is neither. Served by the primary keys of run_steps and log_chunks. */
export const latestAttempt = async (sql: Queryable, run: string, key: string): Promise<number | null> => {
  const [row] = await sql<[{ attempt: number | null }]>`
    select max(attempt) as attempt from (
      select attempt from run_steps where run_id = ${run} and key = ${key}
      union all (select attempt from log_chunks where run_id = ${run} and step_key = ${key} order by first_line desc limit 1)
    ) known`;
  return row.attempt;
};
