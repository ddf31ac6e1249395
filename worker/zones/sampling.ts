import type { Client } from '@temporalio/client';
import type { Sql } from '#db/client.ts';
import { keepQueuesOpen } from '#db/queries/queues/queue-life.ts';
import { type QueueToSample, queuesToSample, writeSamples } from '#db/queries/queues/samples.ts';
import { liveWorkers } from '#db/queries/queues/wanted-queues.ts';
import type { QueueSampleRow } from '#db/schema/queues.ts';
import { ownerOf } from '#jobs/queues/owner.ts';
import { whyStalled } from '#jobs/queues/repair.ts';
import { type QueueStats, queueStats } from '#platform/temporal/queue-stats.ts';
import { inTurns } from './in-turns.ts';
import type { ZoneQueues } from './zone-queues.ts';

interface SamplingDeps {
  readonly id: string;
  readonly sql: Sql;
  readonly client: Client;
  readonly zones: Pick<ZoneQueues, 'slots' | 'looked'>;
}

type Sample = Omit<QueueSampleRow, 'at'>;

/** Looks at each queue that this worker is to look at, among all that live: keeps what was seen, opens those again into which something was put unseen, and has those repaired in which nothing goes on. */
export async function sampleQueues({ id, sql, client, zones }: SamplingDeps): Promise<void> {
  const [queues, workers] = await Promise.all([queuesToSample(sql), liveWorkers(sql)]);
  const able = (capability: string) => workers.filter(({ queues: served }) => served.includes(capability)).map((worker) => worker.id);
  const mine = queues.filter(({ name, capability }) => ownerOf(name, able(capability)) === id);
  const seen = await inTurns(mine, async (queue) => ({ queue, stats: await queueStats(client, queue.name) }));
  const samples = seen.map(({ queue, stats }) => sampleOf(queue, stats, workers));
  const busy = samples.filter(({ backlog, used, queue }) => backlog + used + waitingIn(queue, workers) > 0).map(({ queue }) => queue);
  if (busy.length > 0) await keepQueuesOpen(sql, busy);
  const kept = samples.filter(({ queue }) => busy.includes(queue) || mine.find(({ name }) => name === queue)?.state === 'open');
  if (kept.length > 0) await writeSamples(sql, kept);
  for (const { queue, stats } of seen)
    await zones.looked(queue.name, whyStalled({ ...signsOf(stats, zones, queue.name), isPaused: queue.paused }));
}

function sampleOf(
  { name }: QueueToSample,
  { backlog, oldestMs, addedPerSecond, dispatchedPerSecond, pollers }: QueueStats,
  workers: Awaited<ReturnType<typeof liveWorkers>>,
): Sample {
  const slots = workers.flatMap((worker) => worker.slots[name] ?? []);
  return {
    queue: name,
    backlog,
    oldest_ms: Math.round(oldestMs),
    added_per_second: addedPerSecond,
    dispatched_per_second: dispatchedPerSecond,
    used: slots.reduce((sum, { used }) => sum + used, 0),
    slots: slots.reduce((sum, { total }) => sum + total, 0),
    pollers: pollers.length,
  };
}

/** Steps that workers hold until a slot is free. */
const waitingIn = (queue: string, workers: Awaited<ReturnType<typeof liveWorkers>>): number =>
  workers.reduce((sum, { slots }) => sum + (slots[queue]?.waiting ?? 0), 0);

function signsOf({ backlog, oldestMs, dispatchedPerSecond, pollers }: QueueStats, zones: SamplingDeps['zones'], queue: string) {
  const own = zones.slots.find(({ name }) => name === queue);
  const seen = pollers.map(({ seenMsAgo }) => seenMsAgo);
  return {
    backlog,
    oldestMs,
    dispatchedPerSecond,
    pollerSeenMsAgo: seen.length > 0 ? Math.min(...seen) : null,
    hasFreeSlots: own !== undefined && own.used + own.waiting < own.total,
  };
}
