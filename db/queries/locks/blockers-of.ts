import type { Queryable } from '../../client.ts';

/** Numbers of the runs that hold what this run, or a step of it, waits for; at most a hundred. Served by lock_claims_run and lock_claims_holding. */
export const blockersOf = async (sql: Queryable, run: string): Promise<readonly number[]> => {
  const rows = await sql<{ number: number }[]>`
    select distinct r.number from lock_claims w
    join lock_claims h on h.project = w.project and h.key = w.key and h.state = 'holding'
    join runs r on r.id = h.run_id
    where w.run_id = ${run} and w.state = 'waiting' order by r.number limit 100`;
  return rows.map(({ number }) => number);
};
