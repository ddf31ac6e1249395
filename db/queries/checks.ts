import { v7 as uuidv7 } from 'uuid';
import type { LookOrder } from '#jobs/target-looks.ts';
import { jsonRows, type Queryable } from '../client.ts';
import { type Page, pageOf, readCursor, writeCursor } from '../cursor.ts';
import type { TargetCheckRow } from '../schema/remote.ts';

/** Writes how a target was found. A look that was written already, or at a target that is gone, changes nothing. */
export const recordCheck = async (sql: Queryable, check: TargetCheckRow): Promise<void> => {
  await sql`
    insert into target_checks (id, project, target, at, healthy, stage, error, latency_ms, stages, worker_id, actor)
    select id, project, target, at, healthy, stage, error, latency_ms, stages, worker_id, actor
    from jsonb_populate_record(null::target_checks, ${jsonRows(sql, [check])} -> 0) as c
    where exists (select from targets t where t.project = c.project and t.name = c.target)
    on conflict (id) do nothing`;
};

/** A page of the looks at a target, newest first, strictly after the cursor. Served by target_checks_target. */
export const listChecks = async (
  sql: Queryable,
  project: string,
  target: string,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<Page<TargetCheckRow>> => {
  const [last] = after === undefined ? [] : readCursor(after, 'id', ([id]) => typeof id === 'string' && UUID.test(id));
  const rows = await sql<TargetCheckRow[]>`
    select * from target_checks where project = ${project} and target = ${target} ${last === undefined ? sql`` : sql`and id < ${String(last)}`}
    order by id desc limit ${limit + 1}`;
  return pageOf(rows, limit, ({ id }) => writeCursor('id', [id]));
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Those of these looks that are done, by target. Served by the primary key. */
export const findChecks = async (sql: Queryable, ids: readonly string[]): Promise<readonly TargetCheckRow[]> =>
  sql<TargetCheckRow[]>`select * from target_checks where id = any(${[...ids]}::uuid[]) order by target`;

/** How many of these looks are done. Served by the primary key. */
export const countChecks = async (sql: Queryable, ids: readonly string[]): Promise<number> => {
  const [row] = await sql<{ count: number }[]>`select count(*)::int as count from target_checks where id = any(${[...ids]}::uuid[])`;
  return row?.count ?? 0;
};

const PAGE = 200;

/** The next targets to look at, by name; those switched off are left alone. Served by targets_name. */
export const nextToCheck = async (sql: Queryable, project: string, after: string): Promise<readonly LookOrder[]> => {
  const rows = await sql<{ target: string }[]>`
    select name as target from targets where project = ${project} and enabled and name > ${after} order by name limit ${PAGE}`;
  return rows.map(({ target }) => ({ id: uuidv7(), target }));
};
