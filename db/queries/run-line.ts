import type { Ancestor } from '#jobs/sub-jobs.ts';
import type { Queryable } from '../client.ts';

/** A run in the line of those that led to another one. */
export interface LineRun extends Ancestor {
  readonly id: string;
  readonly job_id: string | null;
}

/** More than any line may have. */
const LONGEST = 500;

/** A run and the runs whose steps led to it, the outermost first. Served by the primary key. */
export const findParents = async (sql: Queryable, run: string): Promise<readonly LineRun[]> =>
  sql<LineRun[]>`
    with recursive line as (
      select id, job_id, job, number, parent_run, 1 as depth from runs where id = ${run}
      union all
      select r.id, r.job_id, r.job, r.number, r.parent_run, line.depth + 1
      from line join runs r on r.id = line.parent_run where line.depth < ${LONGEST}
    )
    select id, job_id, job, number from line order by depth desc`;

/** Runs and all that led to them, by their steps or by their ends, the oldest first. Served by the primary key. */
export const findCauses = async (sql: Queryable, runs: readonly string[]): Promise<readonly LineRun[]> =>
  sql<LineRun[]>`
    with recursive line as (
      select id, job_id, job, number, parent_run, chain_source, 1 as depth from runs where id = any(${runs}::uuid[])
      union
      select r.id, r.job_id, r.job, r.number, r.parent_run, r.chain_source, line.depth + 1
      from line join runs r on r.id in (line.parent_run, line.chain_source) where line.depth < ${LONGEST}
    )
    select distinct id, job_id, job, number from line order by id`;
