import type { Span } from '#jobs/recurrence/wanted.ts';
import type { ScheduleDefinition } from '#jobs/schedules/definition.ts';
import type { Queryable } from '../../client.ts';
import { hasValues } from '../has-values.ts';

/** A living schedule, as far as the agenda needs it whatever its rule; moments are epoch milliseconds. */
export interface Standing {
  readonly id: string;
  readonly name: string;
  readonly job: string;
  readonly timezone: string;
  readonly version: number;
  /** Until when it is paused, infinite where nobody said; null: it is not. */
  readonly pausedUntil: number | null;
  readonly stopped: string | null;
  /** What it says becomes of times on days when clocks change, as far as it says so. */
  readonly dst: ScheduleDefinition['dst'] | null;
}

/** Which part of the agenda is asked for. */
export interface AgendaFilter {
  readonly project: string;
  readonly job?: string | undefined;
  readonly schedule?: string | undefined;
}

/** A number that is another one when any living schedule stands otherwise: ten thousand are summed up in a few milliseconds, and read in many. */
export const standingStamp = async (sql: Queryable, project: string): Promise<string> => {
  const [row] = await sql<{ stamp: string }[]>`
    select count(*) || ' ' || coalesce(sum(hash_record_extended((id, name, job, timezone, version, paused, paused_until, stopped_reason), 0)), 0) as stamp
    from schedules where project = ${project} and deleted_at is null`;
  return row?.stamp ?? '';
};

/** All living schedules; read as arrays, since there may be ten thousand. */
export const standingSchedules = async (sql: Queryable, project: string): Promise<readonly Standing[]> => {
  const rows = await sql`
    select id, name, job, timezone, version, stopped_reason, definition -> 'dst',
      case when paused then coalesce((extract(epoch from paused_until) * 1000)::float8, 'infinity') end
    from schedules where project = ${project} and deleted_at is null`.values();
  return (rows as unknown as readonly StandingValues[]).map(([id, name, job, timezone, version, stopped, dst, pausedUntil]) => ({
    id,
    name,
    job,
    timezone,
    version,
    pausedUntil,
    stopped,
    dst,
  }));
};

type StandingValues = readonly [string, string, string, string, number, string | null, Standing['dst'], number | null];

/** Since when nobody but the rules knows of moments (epoch milliseconds), by schedule: those before have their rows, or were meant by an earlier rule. */
export const ruledSince = async (sql: Queryable, { project, job, schedule }: AgendaFilter): Promise<ReadonlyMap<string, number>> => {
  const rows = await sql`
    select id, (extract(epoch from greatest(swept_until, effective_at)) * 1000)::float8
    from schedules where project = ${project} and deleted_at is null
      ${hasValues(sql, { job, name: schedule })}`.values();
  return new Map(rows as unknown as readonly (readonly [string, number])[]);
};

/** What schedules say, by their ids. Served by the primary key. */
export const definitionsOf = async (
  sql: Queryable,
  ids: readonly string[],
): Promise<readonly { readonly id: string; readonly version: number; readonly definition: ScheduleDefinition }[]> =>
  sql<{ id: string; version: number; definition: ScheduleDefinition }[]>`
    select id, version, definition from schedules where id = any(${ids}::uuid[])`;

/** When all schedules are stopped, from now on. Served by schedule_pauses_of. */
export const stopsOfAll = async (sql: Queryable, project: string): Promise<readonly Span[]> => {
  const rows = await sql<{ from: number; to: number }[]>`
    select (extract(epoch from from_at) * 1000)::float8 as from, coalesce((extract(epoch from until_at) * 1000)::float8, 'infinity') as to
    from schedule_pauses where project = ${project} and schedule_id is null and (until_at is null or until_at > now())`;
  return [...rows];
};
