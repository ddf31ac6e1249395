import { z } from 'zod';
import type { QueueWithWorkers } from '#db/queries/queues/list-queues.ts';
import type { QueueSampleRow } from '#db/schema/queues.ts';
import { QUEUE_STATES, queueState } from '#jobs/queues/state.ts';
import { CAPABILITIES } from '#jobs/step.ts';
import { clockAt } from '#jobs/zones/clock.ts';
import type { QueueStats } from '#platform/temporal/queue-stats.ts';
import { zoneData } from '#platform/zone-data.ts';
import { instant, pageOf } from './json.ts';

const seconds = z.number().meta({ description: 'seconds' });

const Depth = z.object({
  total: z.number().meta({ description: 'steps that wait, as far as Temporal knows' }),
  by_priority: z
    .array(z.object({ priority: z.number(), steps: z.number(), oldest_seconds: seconds }))
    .meta({ description: 'the most urgent first' }),
});

const Slots = z.object({
  used: z.number().meta({ description: 'steps that run' }),
  total: z.number().meta({ description: 'steps that may run' }),
  waiting: z.number().meta({ description: 'steps that a worker was handed and that wait there until they may' }),
});

/** A queue as the API shows it; what only Temporal knows is null while it does not answer. */
export const QueueView = z
  .object({
    name: z.string(),
    capability: z.enum(CAPABILITIES),
    zone: z.string().nullable(),
    local_time: z.string().nullable().meta({ description: 'what the clocks of its zone show' }),
    state: z.enum(QUEUE_STATES),
    problem: z.string().nullable(),
    failures: z.number().meta({ description: 'how often its worker failed and was made again' }),
    paused: z.object({ at: instant, by: z.string(), note: z.string().nullable() }).nullable(),
    depth: Depth.nullable(),
    oldest_seconds: seconds.nullable(),
    added_per_second: z.number().nullable(),
    dispatched_per_second: z.number().nullable(),
    pollers: z.array(z.object({ worker: z.string(), seen_seconds_ago: seconds })).nullable(),
    slots: Slots,
    workers: z.array(Slots.extend({ id: z.string() })),
    created_at: instant,
    last_used_at: instant,
  })
  .meta({ id: 'Queue' });

export const QueuePage = pageOf(QueueView);

/** One queue, with what was seen of it in each minute of the last day. */
export const QueueDetail = QueueView.extend({
  history: z.array(
    z.object({
      at: instant,
      depth: z.number(),
      oldest_seconds: seconds,
      added_per_second: z.number(),
      dispatched_per_second: z.number(),
      used: z.number(),
      slots: z.number(),
      pollers: z.number(),
    }),
  ),
}).meta({ id: 'QueueDetail' });

const inSeconds = (ms: number): number => Math.round(ms / 100) / 10;
const rate = (perSecond: number): number => Math.round(perSecond * 100) / 100;

/** A queue's row with how it stands in Temporal. */
export function viewOfQueue(row: QueueWithWorkers, stats: QueueStats | null): z.infer<typeof QueueView> {
  const { name, capability, zone, workers, paused_at, paused_by, pause_note, problem, failures, created_at, last_used_at } = row;
  const clock = zone === null ? null : zoneData().zone(zone);
  return {
    name,
    capability,
    zone,
    local_time: clock && clockAt(Date.now(), clock),
    state: queueState({
      isPaused: paused_at !== null,
      hasProblem: problem !== null,
      isOpen: row.state === 'open',
      servedBy: workers.length,
    }),
    problem,
    failures,
    paused: paused_at === null ? null : { at: paused_at, by: paused_by ?? '', note: pause_note },
    depth: stats && {
      total: stats.backlog,
      by_priority: stats.byPriority.map(({ priority, backlog, oldestMs }) => ({
        priority,
        steps: backlog,
        oldest_seconds: inSeconds(oldestMs),
      })),
    },
    oldest_seconds: stats && inSeconds(stats.oldestMs),
    added_per_second: stats && rate(stats.addedPerSecond),
    dispatched_per_second: stats && rate(stats.dispatchedPerSecond),
    pollers: stats?.pollers.map(({ identity, seenMsAgo }) => ({ worker: identity, seen_seconds_ago: inSeconds(seenMsAgo) })) ?? null,
    slots: {
      used: workers.reduce((sum, { used }) => sum + used, 0),
      total: workers.reduce((sum, { total }) => sum + total, 0),
      waiting: workers.reduce((sum, { waiting }) => sum + waiting, 0),
    },
    workers: [...workers],
    created_at,
    last_used_at,
  };
}

/** A minute of a queue's last day. */
export const viewOfSample = ({ queue: _, backlog, oldest_ms, ...sample }: QueueSampleRow) => ({
  ...sample,
  depth: backlog,
  oldest_seconds: inSeconds(oldest_ms),
});
