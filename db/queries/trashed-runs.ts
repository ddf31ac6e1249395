import type { Queryable } from '../client.ts';

/**
 * That a run `r` is one of the job `j` in the trash. Other jobs may have had its name before and have it now, with any number of runs, so only ids
 * from the time of this job are looked at, an hour more on both sides for clocks that differ. Served by runs_job.
 */
export const isRunOfTrashed = (sql: Queryable) => sql`
  r.project = j.project and r.job = j.name and r.job_id = j.id
  and r.id >= (lpad(to_hex((extract(epoch from j.created_at) * 1000)::bigint - 3600000), 12, '0') || repeat('0', 20))::uuid
  and r.id <= (lpad(to_hex((extract(epoch from j.updated_at) * 1000)::bigint + 3600000), 12, '0') || repeat('f', 20))::uuid`;
