import { jsonRows, type Queryable } from '../../client.ts';
import type { ScheduleRow } from '../../schema/schedules.ts';

/** A schedule whose next moment is over. */
export type Passed = Pick<ScheduleRow, 'id' | 'project' | 'version' | 'timezone' | 'definition'>;

/** Schedules whose next moment is over, the longest over first. Served by schedules_passed. */
export const listPassed = async (sql: Queryable, limit: number): Promise<readonly Passed[]> =>
  sql<Passed[]>`
    select id, project, version, timezone, definition from schedules
    where next_at <= now() and deleted_at is null order by next_at limit ${limit}`;

/** Writes down when schedules start something next, in ISO 8601; null: never again. Whoever has changed one meanwhile knows better. */
export const setNext = async (
  sql: Queryable,
  found: readonly { readonly id: string; readonly version: number; readonly next: string | null }[],
): Promise<void> => {
  await sql`
    with theirs as materialized (
      select s.id, f.next
      from jsonb_to_recordset(${jsonRows(sql, found)}) as f (id uuid, version integer, next timestamptz)
      join schedules s on s.id = f.id and s.version = f.version and s.deleted_at is null
      order by s.id for no key update of s
    )
    update schedules s set next_at = t.next from theirs t where s.id = t.id`;
};
