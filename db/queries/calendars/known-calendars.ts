import type { CalendarTimes, Instance } from '#jobs/calendars/definition.ts';
import { spansOf } from '#jobs/calendars/spans.ts';
import type { Span } from '#jobs/recurrence/wanted.ts';
import type { Zone, ZoneData } from '#jobs/zones/zone.ts';
import type { Queryable } from '../../client.ts';
import type { CalendarRow } from '../../schema/calendars.ts';

/** What of a calendar says when its times are, and by whose clocks; null: those of whatever uses it. */
export interface KnownCalendar extends CalendarTimes {
  readonly name: string;
  readonly timezone: string | null;
}

/** The times of calendars by their names; those that nobody has are left out. Served by calendars_name. */
export const knownCalendars = async (
  sql: Queryable,
  project: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, KnownCalendar>> => {
  if (names.length === 0) return new Map();
  const rows = await sql<(Pick<CalendarRow, 'name' | 'timezone' | 'definition'> & { readonly instances: readonly Instance[] | null })[]>`
    select c.name, c.timezone, c.definition, f.instances
    from calendars c left join calendar_feeds f on f.calendar_id = c.id
    where c.project = ${project} and c.name = any(${[...new Set(names)]}::text[])`;
  return new Map(
    rows.map(({ name, timezone, definition, instances }) => [
      name,
      { name, timezone, entries: definition.entries ?? [], instances: instances ?? [] },
    ]),
  );
};

/** The spans of a calendar for somebody in this zone. Throws an Error for a zone that the data do not have. */
export const spansFor = (calendar: KnownCalendar, zone: string, zones: ZoneData, span: Span): readonly Span[] =>
  spansOf(calendar, requireZone(zones, calendar.timezone ?? zone), span);

function requireZone(zones: ZoneData, name: string): Zone {
  const zone = zones.zone(name);
  if (!zone) throw new Error(`the zone data ${zones.version} have no zone ${JSON.stringify(name)}`);
  return zone;
}
