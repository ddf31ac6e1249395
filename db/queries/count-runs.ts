import type { Queryable } from '../client.ts';
import { allOf, conditionsOf, type RunsWanted } from './runs-wanted.ts';

/** So many are counted one by one. */
export const MOST_COUNTED = 10_000;

/** How many runs there are; `more` says that it stopped at MOST_COUNTED. */
export interface RunsCount {
  readonly count: number;
  readonly more: boolean;
}

/** How many runs a filter matches, as far as MOST_COUNTED. Served by the indexes of its filters. */
export const countMatching = async (sql: Queryable, project: string, wanted: RunsWanted): Promise<RunsCount> => {
  const [row] = await sql<{ count: number }[]>`
    select count(*) as count from (
      select from runs r where ${allOf(sql, conditionsOf(sql, project, wanted))} limit ${MOST_COUNTED + 1}
    ) as found`;
  const count = row?.count ?? 0;
  return { count: Math.min(count, MOST_COUNTED), more: count > MOST_COUNTED };
};

/** How many runs there are in all: one by one while they are few, then as they were counted when they ended. Served by run_hours and runs_open. */
export const countAll = async (sql: Queryable, project: string): Promise<RunsCount> => {
  const few = await countMatching(sql, project, {});
  if (!few.more) return few;
  const [row] = await sql<{ count: number }[]>`
    select sum(runs)::bigint as count from (
      select sum(runs) as runs from run_hours where project = ${project}
      union all select sum(runs) from run_stat_deltas where project = ${project}
      union all select count(*) from runs where project = ${project} and ended_at is null
    ) as counted`;
  return { count: row?.count ?? 0, more: false };
};
