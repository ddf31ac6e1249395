import type { RunStatus } from '#jobs/run-state.ts';
import type { Queryable } from '../client.ts';

/** How many runs ended so, and how long they took together. */
export interface RunCount {
  readonly status: RunStatus;
  readonly runs: number;
  readonly total_ms: number;
}

/** The runs of a project by status: the ended ones as the statistics count them, the open ones as they stand. Served by run_stats and runs_open. */
export const countRuns = async (sql: Queryable, project: string): Promise<readonly RunCount[]> =>
  sql<RunCount[]>`
    select status, sum(runs)::bigint as runs, sum(total_ms)::bigint as total_ms from (
      select status, runs, total_ms from run_stats where project = ${project}
      union all select status, runs, total_ms from run_stat_deltas where project = ${project}
      union all select status, 1, 0 from runs where project = ${project} and ended_at is null
    ) as counted group by status`;
