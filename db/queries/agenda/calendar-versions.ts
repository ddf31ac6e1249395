import type { CalendarTimes, Instance } from '#jobs/calendars/definition.ts';
import type { Queryable } from '../../client.ts';
import type { CalendarRow } from '../../schema/calendars.ts';

/** Which times each calendar has now, as a text that is another one when they are others; by name. Served by calendars_name. */
export const calendarVersions = async (sql: Queryable, project: string): Promise<ReadonlyMap<string, string>> => {
  const rows = await sql<{ name: string; stamp: string }[]>`
    select c.name, concat_ws(' ', c.id, c.version, f.hash, f.expanded_from, f.expanded_to) as stamp
    from calendars c left join calendar_feeds f on f.calendar_id = c.id where c.project = ${project}`;
  return new Map(rows.map(({ name, stamp }) => [name, stamp]));
};

/** A calendar's times, and whose clocks they are by; null: those of the schedule. */
export interface CalendarTexts extends CalendarTimes {
  readonly name: string;
  readonly timezone: string | null;
}

/** The times of calendars by their names. Served by calendars_name. */
export const calendarTexts = async (sql: Queryable, project: string, names: readonly string[]): Promise<readonly CalendarTexts[]> => {
  const rows = await sql<(Pick<CalendarRow, 'name' | 'timezone' | 'definition'> & { readonly instances: readonly Instance[] | null })[]>`
    select c.name, c.timezone, c.definition, f.instances
    from calendars c left join calendar_feeds f on f.calendar_id = c.id
    where c.project = ${project} and c.name = any(${names}::text[])`;
  return rows.map(({ name, timezone, definition, instances }) => ({
    name,
    timezone,
    entries: definition.entries ?? [],
    instances: instances ?? [],
  }));
};
