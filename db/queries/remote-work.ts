import type { Queryable } from '../client.ts';

/** A step that may have left something on a target. */
export interface RemoteWork {
  readonly run: string;
  readonly key: string;
  readonly project: string;
  readonly target: string;
  readonly type: string;
}

/** Whether the step is noted to have begun anything on the target that was not cleared away. Served by the primary key. */
export const hasRemoteWork = async (sql: Queryable, { run, key, target }: Pick<RemoteWork, 'run' | 'key' | 'target'>): Promise<boolean> => {
  const rows = await sql`select from remote_work where run_id = ${run} and key = ${key} and target = ${target}`;
  return rows.length > 0;
};

/**
 * Takes up to `limit` notes whose runs have ended or are gone and that are due; no other claimer sees them until their next try is due, with
 * growing pauses. What was tried for a week after the end of its run is given up. Served by remote_work_next_at.
 */
export const claimRemoteWork = async (sql: Queryable, limit: number): Promise<readonly RemoteWork[]> =>
  sql<RemoteWork[]>`
    with due as materialized (
      select d.run_id, d.key, d.target, d.tries > 0 and
        greatest(d.created_at, (select r.ended_at from runs r where r.id = d.run_id)) < now() - interval '7 days' as is_given_up
      from remote_work d
      where d.next_at <= now() and (select r.ended_at is null from runs r where r.id = d.run_id) is not true
      order by d.next_at limit ${limit} for update skip locked
    ), given_up as (
      delete from remote_work w using due where due.is_given_up and w.run_id = due.run_id and w.key = due.key and w.target = due.target
    )
    update remote_work w set tries = w.tries + 1, next_at = now() + make_interval(secs => least(60 * 2 ^ least(w.tries, 8), 3600))
    from due
    where not due.is_given_up and w.run_id = due.run_id and w.key = due.key and w.target = due.target
    returning w.run_id as run, w.key, w.project, w.target, w.type`;

/** Strikes off what was cleared away. */
export const settleRemoteWork = async (sql: Queryable, done: readonly Pick<RemoteWork, 'run' | 'key' | 'target'>[]): Promise<void> => {
  await sql`
    delete from remote_work w using unnest(
      ${done.map(({ run }) => run)}::uuid[], ${done.map(({ key }) => key)}::text[], ${done.map(({ target }) => target)}::text[]
    ) as d (run, key, target)
    where w.run_id = d.run and w.key = d.key and w.target = d.target`;
};
