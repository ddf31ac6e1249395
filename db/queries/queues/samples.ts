import { jsonRows, type Queryable } from '../../client.ts';
import { notify } from '../../notices.ts';
import type { QueueSampleRow } from '../../schema/queues.ts';

/** A queue as it is looked at once a minute, idle ones too: what was put there unseen must be found. */
export interface QueueToSample {
  readonly name: string;
  readonly capability: string;
  readonly zone: string | null;
  readonly state: 'open' | 'idle';
  readonly paused: boolean;
}

/** All queues there are. */
export const queuesToSample = async (sql: Queryable): Promise<readonly QueueToSample[]> =>
  sql<QueueToSample[]>`select name, capability, zone, state, paused_at is not null as paused from queues order by name`;

/** Keeps what was seen; of two looks in one minute the first counts. */
export const writeSamples = async (sql: Queryable, samples: readonly Omit<QueueSampleRow, 'at'>[]): Promise<void> => {
  await sql`
    insert into queue_samples (queue, at, backlog, oldest_ms, added_per_second, dispatched_per_second, used, slots, pollers)
    select queue, date_trunc('minute', now()), backlog, oldest_ms, added_per_second, dispatched_per_second, used, slots, pollers
    from jsonb_populate_recordset(null::queue_samples, ${jsonRows(sql, samples)})
    on conflict do nothing`;
  await notify(sql, { queues: samples.map(({ queue }) => queue) });
};

/** What was seen of a queue over the last day, the oldest first. Served by the primary key. */
export const samplesOf = async (sql: Queryable, queue: string): Promise<readonly QueueSampleRow[]> =>
  sql<QueueSampleRow[]>`
    select queue, at, backlog, oldest_ms, added_per_second, dispatched_per_second, used, slots, pollers from queue_samples where queue = ${queue} and at > now() - interval '1 day' order by at`;
