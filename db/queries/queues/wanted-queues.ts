import type { LiveWorker, OpenQueue } from '#jobs/queues/serving.ts';
import type { Queryable } from '../../client.ts';

/** A queue of a zone that wants a worker. */
export interface WantedQueue extends OpenQueue {
  readonly last_used_at: string;
  readonly paused: boolean;
}

/** The queues of zones that are not idle. Served by queues_open. */
export const wantedQueues = async (sql: Queryable): Promise<readonly WantedQueue[]> =>
  sql<WantedQueue[]>`
    select name, capability, last_used_at, paused_at is not null as paused from queues where zone is not null and state = 'open' order by name`;

/** A worker tells of itself every five seconds; one that was silent for three times as long is taken for dead. */
const SILENT = '15 seconds';

/** The worker processes that are alive. */
export const liveWorkers = async (sql: Queryable): Promise<readonly LiveWorker[]> =>
  sql<LiveWorker[]>`select id, queues from workers where last_seen_at > now() - ${SILENT}::interval`;
