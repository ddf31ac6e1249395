import { didYouMean } from '#jobs/suggest.ts';
import type { Queryable } from '../../client.ts';

/** A name that no calendar has, as a sentence with the one that may be meant. */
export interface UnknownCalendar {
  readonly name: string;
  readonly message: string;
}

/** Those of the names that no calendar has, each once. Served by calendars_name. */
export const unknownCalendars = async (sql: Queryable, project: string, names: readonly string[]): Promise<readonly UnknownCalendar[]> => {
  const wanted = [...new Set(names)];
  if (wanted.length === 0) return [];
  const found = await sql<{ name: string }[]>`select name from calendars where project = ${project} and name = any(${wanted}::text[])`;
  const unknown = wanted.filter((name) => !found.some((row) => row.name === name));
  if (unknown.length === 0) return [];
  const known = await sql<{ name: string }[]>`select name from calendars where project = ${project} order by name limit 1000`;
  const all = known.map(({ name }) => name);
  return unknown.map((name) => ({ name, message: `there is no calendar ${JSON.stringify(name)}${didYouMean(name, all)}` }));
};
