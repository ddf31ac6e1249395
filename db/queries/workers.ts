import { jsonRows, type Queryable } from '../client.ts';
import type { WorkerRow } from '../schema/workers.ts';

/** A worker as it reports itself. */
export type WorkerReport = Omit<WorkerRow, 'last_seen_at' | 'build'> & { readonly build?: string | null };

/** Notes that a worker is alive; made for every few seconds. */
export const recordWorker = async (sql: Queryable, worker: WorkerReport): Promise<void> => {
  await sql`
    insert into workers as t (id, host, pid, build, queues, slots, started_at)
    select id, host, pid, build, queues, slots, started_at from jsonb_populate_record(null::workers, ${jsonRows(sql, [worker])} -> 0)
    on conflict (id) do update set host = excluded.host, pid = excluded.pid, build = excluded.build, queues = excluded.queues,
      slots = excluded.slots, started_at = excluded.started_at, last_seen_at = now()`;
};

/** Takes a worker off that stops by itself. */
export const forgetWorker = async (sql: Queryable, id: string): Promise<void> => {
  await sql`delete from workers where id = ${id}`;
};

/** The workers, the last seen first. */
export const listWorkers = async (sql: Queryable): Promise<readonly WorkerRow[]> =>
  sql<WorkerRow[]>`select * from workers order by last_seen_at desc, id`;
