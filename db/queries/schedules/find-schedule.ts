import type { ScheduleDefinition } from '#jobs/schedules/definition.ts';
import type { Queryable } from '../../client.ts';
import type { ScheduleRow } from '../../schema/schedules.ts';

/** A schedule by its name, or null. Served by schedules_name. */
export const findSchedule = async (sql: Queryable, project: string, name: string): Promise<ScheduleRow | null> => {
  const [row] = await sql<ScheduleRow[]>`
    select * from schedules where project = ${project} and name = ${name} and deleted_at is null`;
  return row ?? null;
};

/** A schedule by its id, or null when there is none any more. Served by the primary key. */
export const findScheduleById = async (sql: Queryable, id: string): Promise<ScheduleRow | null> => {
  const [row] = await sql<ScheduleRow[]>`select * from schedules where id = ${id} and deleted_at is null`;
  return row ?? null;
};

/** What a schedule meant during a stretch of time. */
export interface Governing {
  readonly schedule_id: string;
  readonly definition: ScheduleDefinition;
  readonly from_at: string;
  /** Null: until now and on. */
  readonly until_at: string | null;
}

/** The definitions of schedules that stood at any time after a moment, oldest first: a moment is meant by the one that stood when it came. Served by the primary key of schedule_versions. */
export const governingSince = async (sql: Queryable, ids: readonly string[], since: string): Promise<readonly Governing[]> =>
  sql<Governing[]>`
    select * from (
      select schedule_id, definition, from_at, lead(from_at) over (partition by schedule_id order by version) as until_at
      from schedule_versions where schedule_id = any(${ids}::uuid[])
    ) as v
    where until_at is null or until_at > ${since}
    order by schedule_id, from_at`;
