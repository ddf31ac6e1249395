import type { Queryable } from '../../client.ts';
import type { QueueRow } from '../../schema/queues.ts';
import { hasValues } from '../has-values.ts';

/** A queue with the workers that serve it by their own account. */
export type QueueWithWorkers = QueueRow & {
  readonly workers: readonly { readonly id: string; readonly used: number; readonly total: number; readonly waiting: number }[];
};

export interface QueuesQuery {
  readonly capability?: string | undefined;
  readonly zone?: string | undefined;
}

/** Queues by name, strictly after one. Served by the primary key. */
export const listQueues = async (
  sql: Queryable,
  { capability, zone }: QueuesQuery,
  after: string,
  limit: number,
): Promise<readonly QueueWithWorkers[]> =>
  sql<QueueWithWorkers[]>`
    ${withWorkers(sql)} where q.name > ${after}
      ${hasValues(sql, { 'q.capability': capability, 'q.zone': zone })}
    order by q.name limit ${limit}`;

/**
 * The queues with the most that waits, as they were seen in the last minutes, then those used last. Served by the primary keys: the newest sample of
 * each queue is one row.
 */
export const busiestQueues = async (sql: Queryable, limit: number): Promise<readonly QueueWithWorkers[]> =>
  sql<QueueWithWorkers[]>`
    ${withWorkers(sql)} left join lateral (
      select m.backlog, m.used from queue_samples m where m.queue = q.name and m.at > now() - interval '5 minutes' order by m.at desc limit 1
    ) seen on true
    order by coalesce(seen.backlog, 0) desc, coalesce(seen.used, 0) desc, q.last_used_at desc, q.name limit ${limit}`;

/** One queue; null when nothing was ever put there. */
export const findQueue = async (sql: Queryable, name: string): Promise<QueueWithWorkers | null> => {
  const [row] = await sql<QueueWithWorkers[]>`${withWorkers(sql)} where q.name = ${name}`;
  return row ?? null;
};

const withWorkers = (sql: Queryable) => sql`
  select q.*, coalesce((
    select jsonb_agg(jsonb_build_object('id', w.id, 'used', w.slots -> q.name -> 'used', 'total', w.slots -> q.name -> 'total',
      'waiting', coalesce(w.slots -> q.name -> 'waiting', '0')) order by w.id)
    from workers w where w.last_seen_at > now() - interval '15 seconds' and w.slots ? q.name), '[]') as workers
  from queues q`;
