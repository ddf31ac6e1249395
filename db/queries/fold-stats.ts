import type { Queryable, Sql } from '../client.ts';

const LOCK = 0x63617075;

/** Folds the counts of ended runs written since the last fold into run_stats and run_hours; one of many callers works, the others return at once. */
export const foldStats = async (sql: Queryable): Promise<void> => {
  await sql`
    with taken as (
      delete from run_stat_deltas where (select pg_try_advisory_xact_lock(${LOCK})) returning *
    ), hours as (
      insert into run_hours as t (project, hour, status, runs) select project, hour, status, sum(runs) from taken group by 1, 2, 3
      on conflict (project, hour, status) do update set runs = t.runs + excluded.runs
    )
    insert into run_stats as t (project, hour, job, client, status, duration_bucket, runs, total_ms)
    select project, hour, job, client, status, duration_bucket, sum(runs), sum(total_ms) from taken group by 1, 2, 3, 4, 5, 6
    on conflict (project, hour, job, client, status, duration_bucket)
    do update set runs = t.runs + excluded.runs, total_ms = t.total_ms + excluded.total_ms`;
};

/** Counts the hours anew from run_stats, for whoever wrote there without folding. */
export const recountHours = async (sql: Sql): Promise<void> => {
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${LOCK})`;
    await tx`delete from run_hours`;
    await tx`insert into run_hours (project, hour, status, runs) select project, hour, status, sum(runs) from run_stats group by 1, 2, 3`;
  });
};
