import type { TemporalClient } from '#platform/temporal/connect.ts';
import { type QueueStats, queueStats } from '#platform/temporal/queue-stats.ts';

/** How queues stand in Temporal. */
export interface QueueLooks {
  /** As of at most a second ago; null while Temporal does not answer. */
  at(queue: string): Promise<QueueStats | null>;
}

const FRESH_MS = 1_000;
const DEADLINE_MS = 2_000;

/** Looks that all who ask within a second share. */
export function createQueueLooks({ client, within }: Pick<TemporalClient, 'client' | 'within'>): QueueLooks {
  const looks = new Map<string, Promise<QueueStats | null>>();
  return {
    at(queue) {
      const known = looks.get(queue);
      if (known) return known;
      const look = within(DEADLINE_MS, () => queueStats(client, queue)).catch(() => null);
      looks.set(queue, look);
      look.finally(() => setTimeout(() => looks.delete(queue), FRESH_MS).unref());
      return look;
    },
  };
}
