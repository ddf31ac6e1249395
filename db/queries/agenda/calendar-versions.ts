import type { Queryable } from '../../client.ts';

/** Which times each calendar has now, as a text that is another one when they are others; by name. Served by calendars_name. */
export const calendarVersions = async (sql: Queryable, project: string): Promise<ReadonlyMap<string, string>> => {
  const rows = await sql<{ name: string; stamp: string }[]>`
    select c.name, concat_ws(' ', c.id, c.version, f.hash, f.expanded_from, f.expanded_to, f.zone_data) as stamp
    from calendars c left join calendar_feeds f on f.calendar_id = c.id where c.project = ${project}`;
  return new Map(rows.map(({ name, stamp }) => [name, stamp]));
};
