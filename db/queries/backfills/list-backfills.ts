import type { BackfillFireStatus } from '#jobs/backfills/words.ts';
import type { Queryable } from '../../client.ts';
import { type Page, pageOf, readCursor, writeCursor } from '../../cursor.ts';
import type { BackfillFireRow, BackfillRow } from '../../schema/backfills.ts';

interface Paged {
  readonly limit: number;
  readonly after?: string | undefined;
}

/** One backfill, or null. Served by the primary key. */
export const findBackfill = async (sql: Queryable, id: string): Promise<BackfillRow | null> => {
  const [row] = await sql<BackfillRow[]>`select * from backfills where id = ${id}`;
  return row ?? null;
};

/** Backfills of a schedule, newest first. Served by backfills_of. */
export const listBackfills = async (
  sql: Queryable,
  project: string,
  schedule: string,
  { limit, after }: Paged,
): Promise<Page<BackfillRow>> => {
  const [last] = after === undefined ? [] : readCursor(after, 'backfills', ([id]) => typeof id === 'string' && /^[0-9a-f-]{36}$/.test(id));
  const rows = await sql<BackfillRow[]>`
    select * from backfills where project = ${project} and schedule_id = ${schedule} ${last === undefined ? sql`` : sql`and id < ${String(last)}`}
    order by id desc limit ${limit + 1}`;
  return pageOf(rows, limit, ({ id }) => writeCursor('backfills', [id]));
};

/** The moments of a backfill in its order. Served by the primary key and backfill_fires_status. */
export const listBackfillFires = async (
  sql: Queryable,
  id: string,
  { limit, after, status }: Paged & { readonly status?: BackfillFireStatus | undefined },
): Promise<Page<BackfillFireRow>> => {
  const [last = 0] = after === undefined ? [] : readCursor(after, 'n', ([n]) => Number.isSafeInteger(n));
  const rows = await sql<BackfillFireRow[]>`
    select * from backfill_fires where backfill_id = ${id} and n > ${Number(last)} ${status === undefined ? sql`` : sql`and status = ${status}`}
    order by n limit ${limit + 1}`;
  return pageOf(rows, limit, ({ n }) => writeCursor('n', [n]));
};
