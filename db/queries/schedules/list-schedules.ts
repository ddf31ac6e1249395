import type { Json } from '#jobs/json.ts';
import type { RunStatus } from '#jobs/run-state.ts';
import type { ScheduleState } from '#jobs/schedules/fire-state.ts';
import type { Queryable } from '../../client.ts';
import { type Page, pageOf, readCursor, writeCursor } from '../../cursor.ts';
import type { ScheduleRow } from '../../schema/schedules.ts';
import { hasValues } from '../has-values.ts';

/** A schedule as lists show it: without its text. */
export type ScheduleSummary = Omit<ScheduleRow, 'source' | 'format' | 'sweep_at'>;

/** What the list may be sorted by; `-` is the later or larger first. Schedules without a value come last. */
export const SCHEDULE_SORTS = ['name', '-name', 'next_at', '-next_at', 'last_fire_at', '-last_fire_at'] as const;
export type ScheduleSort = (typeof SCHEDULE_SORTS)[number];

/** Which schedules are meant; all that is given must hold. */
export interface ScheduleFilter {
  readonly state?: ScheduleState | undefined;
  readonly job?: string | undefined;
  readonly timezone?: string | undefined;
  readonly client?: string | undefined;
  readonly last_status?: RunStatus | undefined;
  /** The name of a calendar it uses. */
  readonly calendar?: string | undefined;
  /** Part of its name or its job's, in any case. */
  readonly q?: string | undefined;
}

export interface SchedulesQuery extends ScheduleFilter {
  readonly project: string;
  readonly sort?: ScheduleSort | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

type Sorted = 'name' | 'next_at' | 'last_fire_at';

/**
 * A page of schedules, strictly after the cursor; never counts. Served by schedules_name, schedules_next_at or schedules_last_fire, with a filter by
 * schedules_state, schedules_state_next, schedules_job, schedules_timezone, schedules_client, schedules_last_status or schedule_calendars_calendar.
 */
export const listSchedules = async (sql: Queryable, query: SchedulesQuery): Promise<Page<ScheduleSummary>> => {
  const { project, sort = 'name', limit } = query;
  const isDown = sort.startsWith('-');
  const column = sort.replace('-', '') as Sorted;
  const [value, id] = query.after === undefined ? [undefined, undefined] : readCursor(query.after, sort, isPlace);
  const sorted = sql(column);
  // A name belongs to one schedule, and its index to the order of names alone.
  const isNamed = column === 'name';
  const order = isNamed ? (isDown ? sql`name desc` : sql`name`) : isDown ? sql`${sorted} desc, id desc` : sql`${sorted}, id`;
  const beyond = isDown ? sql`<` : sql`>`;
  const where = sql`project = ${project} and deleted_at is null ${filtered(sql, query)}`;
  const valued = sql`
    (select ${columns(sql)} from schedules where ${where} and ${sorted} is not null ${
      value === undefined
        ? sql``
        : isNamed
          ? sql`and name ${beyond} ${String(value)}`
          : sql`and (${sorted}, id) ${beyond} (${String(value)}, ${String(id)}::uuid)`
    } order by ${order} limit ${limit + 1})`;
  const empty = sql`
    (select ${columns(sql)} from schedules where ${where} and ${sorted} is null ${
      value === null ? sql`and id ${beyond} ${String(id)}::uuid` : sql``
    } order by ${order} limit ${limit + 1})`;
  const rows = await sql<ScheduleSummary[]>`
    select * from (${value === null ? empty : isNamed ? valued : sql`${valued} union all ${empty}`}) as page
    order by ${isDown && !isNamed ? sql`${sorted} desc nulls last, id desc` : order} limit ${limit + 1}`;
  return pageOf(rows, limit, (row) => writeCursor(sort, [row[column], row.id]));
};

const columns = (sql: Queryable) => sql([...COLUMNS]);

const COLUMNS = [
  'id',
  'project',
  'name',
  'version',
  'job',
  'definition',
  'timezone',
  'client',
  'priority',
  'paused',
  'paused_at',
  'paused_by',
  'pause_note',
  'paused_until',
  'stopped_reason',
  'arm_at',
  'arming_until',
  'arm_attempts',
  'arm_problem',
  'armed_version',
  'armed_at',
  'planned_until',
  'planned_calendars',
  'zone_data',
  'swept_until',
  'next_at',
  'last_fire_at',
  'last_run',
  'last_status',
  'created_at',
  'created_by',
  'updated_at',
  'updated_by',
  'deleted_at',
  'effective_at',
  'live_since',
  'state',
] as const satisfies readonly (keyof ScheduleSummary)[];

/** The conditions of a filter, each beginning with `and`, on the table `schedules`. */
export const filtered = (sql: Queryable, { state, job, timezone, client, last_status, calendar, q }: ScheduleFilter) => sql`
  ${hasValues(sql, { state, job, timezone, client, last_status })}
  ${calendar === undefined ? sql`` : sql`and id in (select schedule_id from schedule_calendars where calendar = ${calendar})`}
  ${q === undefined ? sql`` : sql`and strpos(lower(name || chr(10) || job), ${q.toLowerCase()}) > 0`}`;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const isPlace = ([value, id, ...more]: readonly Json[]): boolean =>
  (value === null || (typeof value === 'string' && value.length <= 300)) && UUID.test(String(id)) && more.length === 0;
