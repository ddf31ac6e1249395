import type { Queryable } from '../client.ts';

/** Closes the sessions of workers that are gone or were not seen for a minute, and says how many. Served by ssh_sessions_open. */
export const closeDeadSessions = async (sql: Queryable): Promise<number> => {
  const { count } = await sql`
    update ssh_sessions s set connection_closed_at = now(), close_reason = 'lost: its worker is gone'
    where s.connection_closed_at is null
      -- A worker connects before its first report is written.
      and s.connection_established_at < now() - interval '60 seconds'
      and not exists (select from workers w where w.id = s.worker_id and w.last_seen_at > now() - interval '60 seconds')`;
  return count;
};
