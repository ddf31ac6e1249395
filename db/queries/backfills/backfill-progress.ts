import { hasEndedBadly, RUN_STATUSES } from '#jobs/run-state.ts';
import { type Audit, writeAudit } from '../../audit.ts';
import { jsonRows, type Queryable, type Sql, type Transaction } from '../../client.ts';
import { StandsSo } from '../../conflicts.ts';
import type { BackfillFireRow, BackfillRow } from '../../schema/backfills.ts';
import { doOnce } from '../change-once.ts';
import type { OwnedKey } from '../take-key.ts';

/** The next moments that nobody has begun, in order. Served by backfill_fires_status. */
export const nextBackfillFires = async (sql: Queryable, id: string, limit: number): Promise<readonly BackfillFireRow[]> =>
  sql<BackfillFireRow[]>`select * from backfill_fires where backfill_id = ${id} and status = 'pending' order by n limit ${limit}`;

/** Whether a backfill may begin moments; while the transaction lasts nobody cancels it. Served by the primary key. */
export const mayBegin = async (tx: Transaction, id: string): Promise<boolean> => {
  const { count } = await tx`select from backfills where id = ${id} and status = 'running' for share`;
  return count > 0;
};

/** What a moment became: a run, or why none. */
export type Begun = Pick<BackfillFireRow, 'n' | 'run' | 'error'>;

/** Writes what moments became; those told of before count once. A run that began as the backfill was cancelled is one all the same. */
export const settleBegun = async (sql: Queryable, id: string, begun: readonly Begun[]): Promise<void> => {
  await sql`
    with told as (
      select * from jsonb_to_recordset(${jsonRows(sql, begun)}) as o (n integer, run uuid, error text)
    ), settled as (
      update backfill_fires f set status = case when t.run is null then 'refused' else 'started' end, run = t.run, error = t.error,
        ended_at = case when t.run is null then now() end
      from told t where f.backfill_id = ${id} and f.n = t.n and f.status in ('pending', 'cancelled') returning f.status
    )
    update backfills set updated_at = now(),
      started = started + (select count(*) from settled where status = 'started'),
      refused = refused + (select count(*) from settled where status = 'refused')
    where id = ${id}`;
};

const BAD_ENDS = RUN_STATUSES.filter(hasEndedBadly);

/** Writes which of its runs have ended, and answers how many have not. One that was deleted is over too. Served by backfill_fires_status and the primary key of runs. */
export const settleEnded = async (sql: Queryable, id: string): Promise<number> => {
  const [left] = await sql<{ active: number }[]>`
    with seen as (
      select f.n, r.status, r.id is null or r.ended_at is not null as over
      from backfill_fires f left join runs r on r.id = f.run
      where f.backfill_id = ${id} and f.status = 'started'
    ), settled as (
      update backfill_fires f set status = 'ended', run_status = s.status, ended_at = now()
      from seen s where f.backfill_id = ${id} and f.n = s.n and s.over and f.status = 'started' returning f.run_status
    ), counted as (
      update backfills set updated_at = now(), ended = ended + (select count(*) from settled),
        failed = failed + (select count(*) from settled where run_status = any(${BAD_ENDS}::text[]))
      where id = ${id}
    )
    select count(*)::integer as active from seen where not over`;
  return left?.active ?? 0;
};

/** Closes a backfill of which nothing is left to begin or to end; false when something is. */
export const closeBackfill = async (sql: Queryable, id: string): Promise<boolean> => {
  const { count } = await sql`
    update backfills set status = case when status = 'running' then 'completed' else status end, ended_at = now(), updated_at = now()
    where id = ${id} and ended_at is null
      and not exists (select from backfill_fires where backfill_id = ${id} and status in ('pending', 'started'))`;
  return count > 0;
};

/** Begins no further moment of a backfill; runs under way go on. Once for a key; throws StandsSo when nothing was left to begin, IdempotencyConflict. */
export const cancelBackfill = (
  sql: Sql,
  { id, project, schedule, status }: BackfillRow,
  audit: Audit,
  key: OwnedKey | null = null,
): Promise<void> =>
  doOnce(sql, key, async (tx) => {
    const { count } = await tx`update backfills set status = 'cancelled', updated_at = now() where id = ${id} and status = 'running'`;
    if (count === 0) throw new StandsSo(`backfill ${id} is ${status}`);
    const left = await tx`
      update backfill_fires set status = 'cancelled', ended_at = now() where backfill_id = ${id} and status = 'pending'`;
    const after = { backfill: id, not_started: left.count };
    await writeAudit(tx, audit, { project, action: 'schedule.backfill_cancel', subject_kind: 'schedule', subject: schedule, after });
  });

/** Backfills that nobody has been at for so long, though they have not ended. Served by backfills_open. */
export const listIdleBackfills = async (sql: Queryable, idleSeconds: number): Promise<readonly string[]> => {
  const rows = await sql<{ id: string }[]>`
    select id from backfills where ended_at is null and updated_at < now() - make_interval(secs => ${idleSeconds}) limit 100`;
  return rows.map(({ id }) => id);
};
