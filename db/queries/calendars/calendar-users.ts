import type { Queryable } from '../../client.ts';

/** Who uses a calendar. */
export interface CalendarUsers {
  readonly schedules: readonly string[];
  /** Those whose maintenance windows it is. */
  readonly targets: readonly string[];
}

/** Names of the schedules and targets that use a calendar. Served by schedule_calendars_calendar and targets_maintenance. */
export const calendarUsers = async (sql: Queryable, project: string, calendar: string): Promise<CalendarUsers> => {
  const [users] = await sql<CalendarUsers[]>`
    select
      array(
        select s.name from schedule_calendars u join schedules s on s.id = u.schedule_id
        where u.calendar = ${calendar} and s.project = ${project} and s.deleted_at is null order by s.name) as schedules,
      array(
        select t.name from targets t
        where t.project = ${project} and t.maintenance <> '{}' and t.maintenance && ${[`calendar:${calendar}`]}::text[] order by t.name) as targets`;
  return users ?? { schedules: [], targets: [] };
};
