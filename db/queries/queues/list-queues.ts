import type { Queryable } from '../../client.ts';
import type { QueueRow } from '../../schema/queues.ts';

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
      ${capability === undefined ? sql`` : sql`and q.capability = ${capability}`}
      ${zone === undefined ? sql`` : sql`and q.zone = ${zone}`}
    order by q.name limit ${limit}`;

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
