import type { Queryable } from '../client.ts';

/** Removes what has had its time: sessions that expired, idempotency keys older than a week, workers not seen for a day. */
export const purgeExpired = async (sql: Queryable): Promise<void> => {
  await sql`
    with sessions_gone as (delete from sessions where expires_at < now()),
      workers_gone as (delete from workers where last_seen_at < now() - interval '1 day')
    delete from idempotency_keys where created_at < now() - interval '7 days'`;
};
