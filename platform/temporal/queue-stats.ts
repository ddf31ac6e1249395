import type { Client } from '@temporalio/client';
import { optionalTsToMs } from '@temporalio/common/lib/time.js';

/** Activities have a queue of their own beside the one of workflows that has the same name (TaskQueueType of Temporal's protocol). */
const ACTIVITIES = 2;
/** A poll lasts a minute; who has not asked for longer is gone. */
const POLL_MS = 90_000;

/** A queue as Temporal sees it. */
export interface QueueStats {
  readonly backlog: number;
  readonly oldestMs: number;
  readonly addedPerSecond: number;
  readonly dispatchedPerSecond: number;
  /** Who asked for its steps of late. */
  readonly pollers: readonly { readonly identity: string; readonly seenMsAgo: number }[];
  /** The most urgent first; those without steps are left out. */
  readonly byPriority: readonly { readonly priority: number; readonly backlog: number; readonly oldestMs: number }[];
}

/** Asks Temporal how a queue stands. */
export async function queueStats({ workflowService, options }: Client, name: string): Promise<QueueStats> {
  const { stats, pollers, statsByPriorityKey } = await workflowService.describeTaskQueue({
    namespace: options.namespace,
    taskQueue: { name },
    taskQueueType: ACTIVITIES,
    reportStats: true,
    reportPollers: true,
  });
  const now = Date.now();
  return {
    backlog: Number(stats?.approximateBacklogCount ?? 0),
    oldestMs: optionalTsToMs(stats?.approximateBacklogAge) ?? 0,
    addedPerSecond: stats?.tasksAddRate ?? 0,
    dispatchedPerSecond: stats?.tasksDispatchRate ?? 0,
    pollers: (pollers ?? [])
      .map(({ identity, lastAccessTime }) => ({
        identity: identity ?? '',
        seenMsAgo: Math.max(0, now - (optionalTsToMs(lastAccessTime) ?? 0)),
      }))
      .filter(({ seenMsAgo }) => seenMsAgo < POLL_MS),
    byPriority: Object.entries(statsByPriorityKey ?? {})
      .map(([priority, of]) => ({
        priority: Number(priority),
        backlog: Number(of.approximateBacklogCount ?? 0),
        oldestMs: optionalTsToMs(of.approximateBacklogAge) ?? 0,
      }))
      .filter(({ backlog }) => backlog > 0)
      .sort((a, b) => a.priority - b.priority),
  };
}

/** Makes Temporal hand out no more steps of a queue, to no worker at all, or hand them out again; what runs goes on. Both reach the server's queues within a second. */
export async function holdQueue({ workflowService, options }: Client, name: string, held: boolean, reason: string): Promise<void> {
  await workflowService.updateTaskQueueConfig({
    namespace: options.namespace,
    identity: 'capstan',
    taskQueue: name,
    taskQueueType: ACTIVITIES,
    updateQueueRateLimit: { reason, ...(held && { rateLimit: { requestsPerSecond: 0 } }) },
  });
}
