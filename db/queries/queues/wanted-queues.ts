import type { LiveWorker, OpenQueue } from '#jobs/queues/serving.ts';
import type { Queryable } from '../../client.ts';
import type { WorkerRow } from '../../schema/workers.ts';

/** A queue of a zone that wants a worker. */
export interface WantedQueue extends OpenQueue {
  readonly last_used_at: string;
  readonly paused: boolean;
  readonly has_problem: boolean;
}

/** The queues of zones that are not idle. Served by queues_open. */
export const wantedQueues = async (sql: Queryable): Promise<readonly WantedQueue[]> =>
  sql<WantedQueue[]>`
    select name, capability, last_used_at, paused_at is not null as paused, problem is not null as has_problem
    from queues where zone is not null and state = 'open' order by name`;

/** A worker tells of itself every five seconds; one that was silent for three times as long is taken for dead. */
const SILENT = '15 seconds';

/** The worker processes that are alive, with the slots that they told of last. */
export const liveWorkers = async (sql: Queryable): Promise<readonly (LiveWorker & Pick<WorkerRow, 'slots'>)[]> =>
  sql<(LiveWorker & Pick<WorkerRow, 'slots'>)[]>`select id, queues, slots from workers where last_seen_at > now() - ${SILENT}::interval`;
