import type { Queryable } from '../client.ts';

/** Who wrote what an earlier run ran: the author of its version; of a definition of its own, whoever first started it. Null: that run is gone. Served by the primary keys. */
export const findAuthor = async (
  sql: Queryable,
  { job_id, version, earlier }: { readonly job_id: string | null; readonly version: number | null; readonly earlier: string | null },
): Promise<string | null> => {
  const [row] = await sql<{ author: string | null }[]>`
    with recursive line as (
      select r.id, coalesce(r.rerun_of, r.retry_of) as before, r.created_by, 1 as round from runs r where r.id = ${earlier}
      union all
      select r.id, coalesce(r.rerun_of, r.retry_of), r.created_by, l.round + 1 from line l join runs r on r.id = l.before where l.round < 1000
    )
    select coalesce((select v.author from job_versions v where v.job_id = ${job_id} and v.version = ${version}),
      (select created_by from line order by round desc limit 1)) as author`;
  return row?.author ?? null;
};
