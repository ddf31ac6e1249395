import { hasEndedBadly, RUN_STATUSES, type RunStatus } from '#jobs/run-state.ts';
import type { Queryable } from '../client.ts';
import { hasValues } from './has-values.ts';

/** By what ended runs are counted apart; a run counts for each tag that its job carries now. */
export const STATS_BY = ['job', 'tag', 'client', 'status'] as const;
export type StatsBy = (typeof STATS_BY)[number];

export interface StatsQuery {
  readonly project: string;
  readonly bucket: 'hour' | 'day' | 'all';
  readonly by: StatsBy | null;
  /** Only so many groups: those of which most ended badly, then those with most runs. */
  readonly worst?: number | undefined;
  readonly since: Date;
  readonly until: Date;
  readonly job?: string | undefined;
  readonly client?: string | undefined;
}

/** Ended runs of one span, one group and one status, by duration. */
export interface StatsRow {
  /** Begin of the hour or day, UTC; null for all of them together. */
  readonly at: string | null;
  readonly group: string | null;
  readonly status: RunStatus;
  readonly duration_bucket: number;
  readonly runs: number;
  readonly total_ms: number;
}

/** More groups than this are not told apart. */
export const MOST_STATS_ROWS = 50_000;

const BAD = RUN_STATUSES.filter(hasEndedBadly);

/** Ended runs counted by span, group, status and duration, in that order. Served by the primary key of run_stats; the last second's are read from the deltas. */
export const readRunStats = async (
  sql: Queryable,
  { project, bucket, by, worst, since, until, job, client }: StatsQuery,
): Promise<readonly StatsRow[]> => {
  const at = bucket === 'all' ? sql`null::timestamptz` : sql`date_trunc(${bucket}, hour, 'UTC')`;
  const group = by === null ? sql`null::text` : sql`${sql(by)}`;
  const tagged = sql`
    join (select distinct name, unnest(tags) as tag from jobs where project = ${project}) as tagged on tagged.name = ended.job`;
  const wanted = sql`project = ${project} and hour >= ${since} and hour < ${until}
    ${hasValues(sql, { job, client })}`;
  return sql<StatsRow[]>`
    with counted as (
      select ${at} as at, ${group} as "group", status, duration_bucket, sum(runs)::bigint as runs, sum(total_ms)::bigint as total_ms from (
        select * from run_stats where ${wanted} union all select * from run_stat_deltas where ${wanted}
      ) as ended ${by === 'tag' ? tagged : sql``}
      group by 1, 2, 3, 4
    )
    select * from counted ${worst === undefined ? sql`` : sql`where "group" in (${worstGroups(sql, worst)})`}
    order by 1, 2, 3, 4 limit ${MOST_STATS_ROWS + 1}`;
};

const worstGroups = (sql: Queryable, most: number) => sql`
  select "group" from counted where "group" is not null group by 1
  order by sum(runs) filter (where status = any(${BAD})) desc nulls last, sum(runs) desc, 1 limit ${most}`;
