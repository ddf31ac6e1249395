import type { Queryable } from '../../client.ts';
import { type Page, pageOf, readCursor, writeCursor } from '../../cursor.ts';
import type { SchedulePauseRow, scheduleVersions } from '../../schema/schedules.ts';

type VersionRow = Omit<typeof scheduleVersions.$inferSelect, 'schedule_id'>;

interface Paged {
  readonly limit: number;
  readonly after?: string | undefined;
}

/** What a schedule meant from when on, the newest first, strictly after the cursor. Served by the primary key of schedule_versions. */
export const listVersions = async (sql: Queryable, schedule: string, { limit, after }: Paged): Promise<Page<VersionRow>> => {
  const [version] = after === undefined ? [] : readCursor(after, 'version', ([at]) => Number.isInteger(at));
  const rows = await sql<VersionRow[]>`
    select version, definition, from_at, author from schedule_versions
    where schedule_id = ${schedule} ${version === undefined ? sql`` : sql`and version < ${Number(version)}`}
    order by version desc limit ${limit + 1}`;
  return pageOf(rows, limit, (row) => writeCursor('version', [row.version]));
};

/** A hold of a schedule; `of_all`: all schedules were stopped. */
export type ListedPause = Omit<SchedulePauseRow, 'project' | 'schedule_id'> & { readonly of_all: boolean };

/** When a schedule, or all of them since it was made, was to start nothing, the latest first. Served by schedule_pauses_of, once for its own and once for those of all. */
export const listPauses = async (
  sql: Queryable,
  { project, id, created_at }: { readonly project: string; readonly id: string; readonly created_at: string },
  limit: number,
): Promise<readonly ListedPause[]> => {
  const columns = sql`id, kind, from_at, until_at, paused_by, note, resumed_by, schedule_id is null as of_all`;
  return sql<ListedPause[]>`
    select * from (
      (select ${columns} from schedule_pauses where project = ${project} and schedule_id = ${id} order by from_at desc limit ${limit})
      union all
      (select ${columns} from schedule_pauses where project = ${project} and schedule_id is null
        and (until_at is null or until_at > ${created_at}) order by from_at desc limit ${limit})
    ) as held order by from_at desc limit ${limit}`;
};
