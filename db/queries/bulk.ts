import type { PendingQuery, Row } from 'postgres';
import { v7 as uuidv7 } from 'uuid';
import { type BulkAction, type BulkItemStatus, type BulkSubject, MOST_BULK_ITEMS } from '#jobs/bulk.ts';
import { type Audit, writeAudit } from '../audit.ts';
import { jsonRows, type Queryable, type Sql, type Transaction } from '../client.ts';
import { StandsSo } from '../conflicts.ts';
import { type Page, pageOf, readCursor, writeCursor } from '../cursor.ts';
import type { BulkItemRow, BulkRow } from '../schema/bulk.ts';
import { doOnce } from './change-once.ts';
import type { Idempotency } from './insert-run.ts';
import { type OwnedKey, takeKey } from './take-key.ts';

export interface NewBulk {
  readonly project: string;
  readonly subject_kind: BulkSubject;
  readonly action: BulkAction;
  readonly reason: string | null;
  /** What was asked for, in the words of the audit. */
  readonly asked: object;
  /** How many the asker was told of. */
  readonly most?: number | undefined;
}

/** More subjects than one operation may have. */
export class TooMany extends Error {
  override readonly name = 'TooMany';

  constructor() {
    super(`more than ${MOST_BULK_ITEMS} fit; ask for fewer at a time`);
  }
}

/** More subjects by now than the asker was told of. */
export class MoreThanSeen extends Error {
  override readonly name = 'MoreThanSeen';

  constructor(now: number, seen: number) {
    super(`${now} match by now, ${now - seen} more than the ${seen} that were looked at; nothing was done`);
  }
}

/**
 * Fixes what an operation is done to, by a query that answers `subject` in order and at most one more than are allowed; the same idempotency key
 * and request give the same operation. Throws TooMany, MoreThanSeen, IdempotencyConflict.
 */
export const createBulk = async (
  sql: Sql,
  bulk: NewBulk,
  subjects: (tx: Transaction) => PendingQuery<Row[]>,
  audit: Audit,
  idempotency: Idempotency | null = null,
): Promise<BulkRow> =>
  sql.begin(async (tx) => {
    const id = uuidv7();
    const { project, subject_kind, action, reason, most } = bulk;
    const made = idempotency && (await takeKey(tx, { ...idempotency, project, actor: audit.actor }, id));
    if (made) return bulkOfKey(tx, project, made);
    await tx`
      insert into bulk_operations (id, project, subject_kind, action, reason, actor, total)
      values (${id}, ${project}, ${subject_kind}, ${action}, ${reason}, ${audit.actor}, 0)`;
    const { count } = await tx`
      insert into bulk_items (bulk_id, n, subject)
      select ${id}, row_number() over (), subject from (${subjects(tx)}) as wanted`;
    if (count > MOST_BULK_ITEMS) throw new TooMany();
    if (most !== undefined && count > most) throw new MoreThanSeen(count, most);
    const [row] = await tx<BulkRow[]>`
      update bulk_operations set total = ${count}, status = ${count === 0 ? 'completed' : 'running'},
        ended_at = case when ${count} = 0 then now() end
      where id = ${id} returning *`;
    if (!row) throw new Error(`bulk operation ${id} is not there`);
    const after = { subjects: subject_kind, count, ...bulk.asked };
    await writeAudit(tx, audit, { project, action: `bulk.${action}`, subject_kind: 'bulk', subject: id, after });
    return row;
  });

async function bulkOfKey(tx: Transaction, project: string, made: string): Promise<BulkRow> {
  const known = await findBulk(tx, project, made);
  if (!known) throw new Error(`the Idempotency-Key made ${made}, which is no operation`);
  return known;
}

/** One operation, or null. */
export const findBulk = async (sql: Queryable, project: string, id: string): Promise<BulkRow | null> => {
  const [row] = await sql<BulkRow[]>`select * from bulk_operations where id = ${id} and project = ${project}`;
  return row ?? null;
};

/** Operations, newest first. Served by bulk_operations_project. */
export const listBulks = async (
  sql: Queryable,
  project: string,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): Promise<Page<BulkRow>> => {
  const [last] = after === undefined ? [] : readCursor(after, 'bulk', ([id]) => typeof id === 'string' && /^[0-9a-f-]{36}$/.test(id));
  const rows = await sql<BulkRow[]>`
    select * from bulk_operations where project = ${project} ${last === undefined ? sql`` : sql`and id < ${String(last)}`}
    order by id desc limit ${limit + 1}`;
  return pageOf(rows, limit, ({ id }) => writeCursor('bulk', [id]));
};

/** What became of each subject, in order. Served by the primary key and bulk_items_status. */
export const listBulkItems = async (
  sql: Queryable,
  id: string,
  { limit, after, status }: { readonly limit: number; readonly after?: string | undefined; readonly status?: BulkItemStatus | undefined },
): Promise<Page<BulkItemRow>> => {
  const [last = 0] = after === undefined ? [] : readCursor(after, 'n', ([n]) => Number.isSafeInteger(n));
  const rows = await sql<BulkItemRow[]>`
    select * from bulk_items where bulk_id = ${id} and n > ${Number(last)} ${status === undefined ? sql`` : sql`and status = ${status}`}
    order by n limit ${limit + 1}`;
  return pageOf(rows, limit, ({ n }) => writeCursor('n', [n]));
};

/** The next subjects that nothing has been done to. Served by bulk_items_status. */
export const nextBulkItems = async (sql: Queryable, id: string, limit: number): Promise<readonly BulkItemRow[]> =>
  sql<BulkItemRow[]>`select * from bulk_items where bulk_id = ${id} and status = 'pending' order by n limit ${limit}`;

/** Whether an operation has asked this of a subject before, as its audit says. Served by audit_entries_subject. */
export const hasAsked = async (
  sql: Queryable,
  asked: { readonly project: string; readonly action: string; readonly kind: string; readonly subject: string; readonly request: string },
): Promise<boolean> => {
  const [found] = await sql`
    select from audit_entries where project = ${asked.project} and subject_kind = ${asked.kind} and subject = ${asked.subject}
      and action = ${asked.action} and request_id = ${asked.request} limit 1`;
  return found !== undefined;
};

/** What became of a subject. */
export type BulkOutcome = Pick<BulkItemRow, 'n' | 'error' | 'made'>;

/** Writes what became of some subjects; those that were told of before count once. */
export const settleBulkItems = async (sql: Queryable, id: string, outcomes: readonly BulkOutcome[]): Promise<void> => {
  await sql`
    with told as (
      select * from jsonb_to_recordset(${jsonRows(sql, outcomes)}) as o (n integer, error text, made uuid)
    ), settled as (
      update bulk_items i set status = case when t.error is null then 'done' else 'failed' end, error = t.error, made = t.made, ended_at = now()
      from told t where i.bulk_id = ${id} and i.n = t.n and i.status in ('pending', 'cancelled') returning i.status
    )
    update bulk_operations set updated_at = now(),
      done = done + (select count(*) from settled where status = 'done'), failed = failed + (select count(*) from settled where status = 'failed')
    where id = ${id}`;
};

/** Closes an operation that has nothing left to do; false when it has. */
export const closeBulk = async (sql: Queryable, id: string): Promise<boolean> => {
  const { count } = await sql`
    update bulk_operations set status = 'completed', ended_at = now(), updated_at = now()
    where id = ${id} and status = 'running' and not exists (select from bulk_items where bulk_id = ${id} and status = 'pending')`;
  return count > 0;
};

/** Ends an operation where it stands: what has not been done stays undone; once for a key. Throws StandsSo when it has ended, IdempotencyConflict. */
export const cancelBulk = (
  sql: Sql,
  { id, project }: Pick<BulkRow, 'id' | 'project'>,
  audit: Audit,
  key: OwnedKey | null = null,
): Promise<void> =>
  doOnce(sql, key, async (tx) => {
    const { count } = await tx`
      update bulk_operations set status = 'cancelled', ended_at = now(), updated_at = now() where id = ${id} and status = 'running'`;
    if (count === 0) throw new StandsSo(`operation ${id} has ended`);
    await tx`update bulk_items set status = 'cancelled', ended_at = now() where bulk_id = ${id} and status = 'pending'`;
    await writeAudit(tx, audit, { project, action: 'bulk.cancel', subject_kind: 'bulk', subject: id });
  });

/** Does again what failed or was not done any more, once for a key. Throws StandsSo when there is none or the operation is under way, IdempotencyConflict. */
export const reopenBulk = (
  sql: Sql,
  { id, project }: Pick<BulkRow, 'id' | 'project'>,
  audit: Audit,
  key: OwnedKey | null = null,
): Promise<void> =>
  doOnce(sql, key, async (tx) => {
    const [bulk] = await tx`select id from bulk_operations where id = ${id} and status <> 'running' for update`;
    if (!bulk) throw new StandsSo(`operation ${id} is under way; what failed can be done again once it has ended`);
    const { count } = await tx`
      update bulk_items set status = 'pending', error = null, ended_at = null where bulk_id = ${id} and status in ('failed', 'cancelled')`;
    if (count === 0) throw new StandsSo(`nothing of operation ${id} has failed`);
    await tx`update bulk_operations set status = 'running', failed = 0, ended_at = null, updated_at = now() where id = ${id}`;
    await writeAudit(tx, audit, { project, action: 'bulk.retry', subject_kind: 'bulk', subject: id, after: { count } });
  });

/** Operations that nobody has been at for so long, though they have not ended. Served by bulk_operations_open. */
export const listIdleBulks = async (sql: Queryable, idleSeconds: number): Promise<readonly string[]> => {
  const rows = await sql<{ id: string }[]>`
    select id from bulk_operations where ended_at is null and updated_at < now() - make_interval(secs => ${idleSeconds}) limit 100`;
  return rows.map(({ id }) => id);
};
