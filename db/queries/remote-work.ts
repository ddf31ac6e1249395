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
 * growing pauses. Notes older than a week are given up. Served by remote_work_next_at.
 */
export const claimRemoteWork = async (sql: Queryable, limit: number): Promise<readonly RemoteWork[]> =>
  sql<RemoteWork[]>`
    with given_up as (
      delete from remote_work w using (
        select run_id, key, target from remote_work where next_at <= now() and created_at < now() - interval '7 days'
      ) old
      where w.run_id = old.run_id and w.key = old.key and w.target = old.target
        and not exists (select from runs r where r.id = w.run_id and r.ended_at is null)
    )
    update remote_work w set tries = w.tries + 1, next_at = now() + make_interval(secs => least(60 * 2 ^ least(w.tries, 8), 3600))
    from (
      select d.run_id, d.key, d.target from remote_work d
      where d.next_at <= now() and d.created_at >= now() - interval '7 days'
        and not exists (select from runs r where r.id = d.run_id and r.ended_at is null)
      order by d.next_at limit ${limit} for update skip locked
    ) due
    where w.run_id = due.run_id and w.key = due.key and w.target = due.target
    returning w.run_id as run, w.key, w.project, w.target, w.type`;

/** Strikes off what was cleared away. */
export const settleRemoteWork = async (sql: Queryable, done: readonly Pick<RemoteWork, 'run' | 'key' | 'target'>[]): Promise<void> => {
  await sql`
    delete from remote_work w using unnest(
      ${done.map(({ run }) => run)}::uuid[], ${done.map(({ key }) => key)}::text[], ${done.map(({ target }) => target)}::text[]
    ) as d (run, key, target)
    where w.run_id = d.run and w.key = d.key and w.target = d.target`;
};
