import type { Queryable } from '../client.ts';

/** How the database stands. */
export interface SystemStanding {
  readonly server_version: string;
  /** Bytes of the whole database, and of all log chunks. */
  readonly bytes: number;
  readonly log_bytes: number;
  /** Starts of accepted runs that Temporal has not been told yet, and how long the oldest waits, in seconds. */
  readonly owed_starts: number;
  readonly oldest_owed_seconds: number | null;
  /** The months that runs are kept of, as in `2026_11`. */
  readonly months: readonly string[];
}

/** Asks the database about itself, from its catalogues alone; counts nothing of the large tables. */
export const systemStanding = async (sql: Queryable): Promise<SystemStanding> => {
  const [standing] = await sql<[SystemStanding]>`
    select current_setting('server_version') as server_version, pg_database_size(current_database()) as bytes,
      (select coalesce(sum(pg_total_relation_size(inhrelid)), 0)::bigint from pg_inherits where inhparent = 'log_chunks'::regclass) as log_bytes,
      (select count(*) from outbox where kind = 'start') as owed_starts,
      (select extract(epoch from now() - min(created_at))::float8 from outbox where kind = 'start') as oldest_owed_seconds,
      (select coalesce(array_agg(right(inhrelid::regclass::text, 7) order by 1), '{}') from pg_inherits where inhparent = 'runs'::regclass) as months`;
  return standing;
};
