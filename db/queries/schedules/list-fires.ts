import type { RunStatus } from '#jobs/run-state.ts';
import type { FireStatus, FireTrigger, MissedReason } from '#jobs/schedules/fire-state.ts';
import type { Queryable } from '../../client.ts';
import { type Page, pageOf, readCursor, writeCursor } from '../../cursor.ts';
import type { ScheduleFireRow } from '../../schema/schedules.ts';
import { hasValues } from '../has-values.ts';

/** What became of a moment, and how its run stands; the run's are null when it has none, or it was deleted. */
export type ListedFire = ScheduleFireRow & {
  readonly run_number: number | null;
  readonly run_status: RunStatus | null;
  readonly run_started_at: string | null;
  readonly run_ended_at: string | null;
};

export interface FiresQuery {
  readonly schedule: string;
  readonly status?: FireStatus | undefined;
  readonly reason?: MissedReason | undefined;
  readonly trigger?: FireTrigger | undefined;
  /** Moments from the first (included) to the second (not included). */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** A page of the moments of a schedule, the latest first, strictly after the cursor. Served by the unique index of schedule_fires, schedule_fires_missed and schedule_fires_asked. */
export const listFires = async (sql: Queryable, query: FiresQuery): Promise<Page<ListedFire>> => {
  const { schedule, status, reason, trigger, from, to, limit } = query;
  const [at, again] = query.after === undefined ? [] : readCursor(query.after, 'nominal_at', isPlace);
  const rows = await sql<ListedFire[]>`
    ${fires(sql)}
    where f.schedule_id = ${schedule}
      ${hasValues(sql, { 'f.status': status, 'f.trigger': trigger })}
      ${reason === undefined ? sql`` : sql`and f.status = 'missed' and f.reason = ${reason}`}
      ${from === undefined ? sql`` : sql`and f.nominal_at >= ${from}`}
      ${to === undefined ? sql`` : sql`and f.nominal_at < ${to}`}
      ${at === undefined ? sql`` : sql`and (f.nominal_at, f.again) < (${String(at)}::timestamptz, ${Number(again)})`}
    order by f.nominal_at desc, f.again desc limit ${limit + 1}`;
  return pageOf(rows, limit, (row) => writeCursor('nominal_at', [row.nominal_at, row.again]));
};

/** One of them, or null. Served by the primary key. */
export const findFire = async (sql: Queryable, id: string): Promise<ListedFire | null> => {
  const [row] = await sql<ListedFire[]>`${fires(sql)} where f.id = ${id}`;
  return row ?? null;
};

const fires = (sql: Queryable) => sql`
  select f.*, r.number as run_number, r.status as run_status, r.started_at as run_started_at, r.ended_at as run_ended_at
  from schedule_fires f left join runs r on r.id = f.run`;

const isPlace = ([at, again, ...more]: readonly unknown[]): boolean =>
  typeof at === 'string' && !Number.isNaN(Date.parse(at)) && Number.isInteger(again) && more.length === 0;
