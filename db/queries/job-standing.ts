import type { Queryable } from '../client.ts';

/** Whether runs of a job may start by now. */
export type JobStanding = 'on' | 'off' | 'in_trash';

/** How the job of a run stands by now; a run without one is held up by none. Served by the primary key. */
export const jobStanding = async (sql: Queryable, id: string | null): Promise<JobStanding> => {
  if (id === null) return 'on';
  const [job] = await sql<{ standing: JobStanding }[]>`
    select case when deleted_at is not null then 'in_trash' when active then 'on' else 'off' end as standing from jobs where id = ${id}`;
  return job?.standing ?? 'in_trash';
};
