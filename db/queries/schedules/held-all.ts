import type { Queryable } from '../../client.ts';

/** Whether all schedules of the project of `c` are stopped at this moment. Served by schedule_pauses_of. */
export const allHeld = (sql: Queryable) => sql`
  exists (select from schedule_pauses p where p.project = c.project and p.schedule_id is null and p.from_at <= now() and (p.until_at is null or p.until_at > now()))`;
