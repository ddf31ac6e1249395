import type { ScheduleDefinition } from '#jobs/schedules/definition.ts';
import type { Queryable } from '../../client.ts';

/** A schedule that a change of a calendar concerns. */
export interface ConcernedSchedule {
  readonly name: string;
  readonly definition: ScheduleDefinition;
}

/** Schedules that use a calendar, by name, so many of them. Served by schedule_calendars_calendar. */
export const concernedSchedules = async (
  sql: Queryable,
  project: string,
  calendar: string,
  limit: number,
): Promise<readonly ConcernedSchedule[]> =>
  sql<ConcernedSchedule[]>`
    select s.name, s.definition from schedule_calendars u join schedules s on s.id = u.schedule_id
    where u.calendar = ${calendar} and s.project = ${project} and s.deleted_at is null
    order by s.name limit ${limit}`;
