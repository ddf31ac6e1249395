import type { RunStatus } from '#jobs/run-state.ts';
import { RUN_STATUSES } from '#jobs/run-state.ts';
import type { Queryable } from '../client.ts';
import { firstIdAt } from '../partitions.ts';
import { allOf, conditionsOf, type RunsWanted } from './runs-wanted.ts';

/** Spans of the same length, one after the other. */
export interface Buckets {
  readonly from: Date;
  readonly ms: number;
  readonly count: number;
}

/** How many runs of a status fall into a bucket, counted from 0. */
export interface BucketCount {
  readonly bucket: number;
  readonly status: RunStatus;
  readonly runs: number;
}

const beginOf = ({ from, ms }: Buckets, bucket: number): Date => new Date(from.getTime() + bucket * ms);

/** Runs of a filter by when they were accepted and by status. Served by runs_status, a scan for each bucket and status, or by the indexes of its filters. */
export const countByAcceptance = async (
  sql: Queryable,
  project: string,
  { status = RUN_STATUSES, since: _since, until: _until, ...wanted }: RunsWanted,
  buckets: Buckets,
): Promise<readonly BucketCount[]> => {
  const bounds = Array.from({ length: buckets.count + 1 }, (_, at) => firstIdAt(beginOf(buckets, at)));
  return sql<BucketCount[]>`
    select b.n - 1 as bucket, s.status, c.runs
    from unnest(${bounds.slice(0, -1)}::uuid[], ${bounds.slice(1)}::uuid[]) with ordinality as b (low, high, n)
    cross join unnest(${[...status]}::text[]) as s (status)
    cross join lateral (
      select count(*) as runs from runs r
      where ${allOf(sql, conditionsOf(sql, project, wanted))} and r.status = s.status and r.id >= b.low and r.id < b.high
    ) as c
    where c.runs > 0 order by 1, 2`;
};

/** All runs, or those of some statuses: the ended ones by the hour in which they ended, the open ones by when they were accepted. Served by run_hours and runs_open. */
export const countByHour = async (
  sql: Queryable,
  project: string,
  status: readonly RunStatus[] | undefined,
  buckets: Buckets,
): Promise<readonly BucketCount[]> => {
  const { from, count } = buckets;
  const until = beginOf(buckets, count);
  const seconds = buckets.ms / 1000;
  const bucketOf = (at: string) => sql`floor(extract(epoch from ${sql(at)} - ${from}::timestamptz) / ${seconds}::float)::integer`;
  return sql<BucketCount[]>`
    select bucket, status, sum(runs)::bigint as runs from (
      select ${bucketOf('hour')} as bucket, status, runs from run_hours where project = ${project} and hour >= ${from} and hour < ${until}
      union all
      select ${bucketOf('hour')}, status, runs from run_stat_deltas where project = ${project} and hour >= ${from} and hour < ${until}
      union all
      select ${bucketOf('created_at')}, status, 1 from runs
      where project = ${project} and ended_at is null and id >= ${firstIdAt(from)} and id < ${firstIdAt(until)}
    ) as counted
    where bucket between 0 and ${count - 1} ${status === undefined ? sql`` : sql`and status = any(${[...status]}::text[])`}
    group by 1, 2 order by 1, 2`;
};
