import type { Queryable } from '../client.ts';

const LOCK = 0x63617075;

/** Folds the counts of ended runs written since the last fold into run_stats; one of many callers works, the others return at once. */
export const foldStats = async (sql: Queryable): Promise<void> => {
  await sql`
    with taken as (
      delete from run_stat_deltas where (select pg_try_advisory_xact_lock(${LOCK})) returning *
    )
    insert into run_stats as t (project, hour, job, client, status, duration_bucket, runs, total_ms)
    select project, hour, job, client, status, duration_bucket, sum(runs), sum(total_ms) from taken group by 1, 2, 3, 4, 5, 6
    on conflict (project, hour, job, client, status, duration_bucket)
    do update set runs = t.runs + excluded.runs, total_ms = t.total_ms + excluded.total_ms`;
};
