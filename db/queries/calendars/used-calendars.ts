import type { CalendarTimes, Instance } from '#jobs/calendars/definition.ts';
import { spansOf } from '#jobs/calendars/spans.ts';
import { errorAt, InvalidInput, pointerTo } from '#jobs/problem.ts';
import type { Span, UsedCalendar } from '#jobs/recurrence/wanted.ts';
import { SCHEDULE_DEFAULTS, type ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { didYouMean } from '#jobs/suggest.ts';
import type { Zone, ZoneData } from '#jobs/zones/zone.ts';
import type { Queryable } from '../../client.ts';
import type { CalendarRow } from '../../schema/calendars.ts';

type Using = Pick<ScheduleDefinition, 'calendars' | 'timezone'>;

/** The calendars that a schedule uses with their times over a span, in its order; asks nothing where it uses none. Throws InvalidInput for names and zones that nobody knows. Served by calendars_name. */
export const usedCalendars = async (
  sql: Queryable,
  project: string,
  definition: Using,
  zones: ZoneData,
  span: Span,
): Promise<readonly UsedCalendar[]> => {
  const uses = definition.calendars ?? [];
  if (uses.length === 0) return [];
  const names = uses.map(({ name }) => name);
  const rows = await sql<(Pick<CalendarRow, 'name' | 'timezone' | 'definition'> & { readonly instances: readonly Instance[] | null })[]>`
    select c.name, c.timezone, c.definition, f.instances
    from calendars c left join calendar_feeds f on f.calendar_id = c.id
    where c.project = ${project} and c.name = any(${names}::text[])`;
  const found = new Map(rows.map((row) => [row.name, row]));
  if (names.some((name) => !found.has(name))) await refuseUnknown(sql, project, names, new Set(found.keys()));
  const times = (name: string): readonly Span[] => {
    const row = found.get(name);
    if (!row) return [];
    const own: CalendarTimes = { entries: row.definition.entries ?? [], instances: row.instances ?? [] };
    return spansOf(own, zoneOf(zones, row.timezone ?? definition.timezone ?? SCHEDULE_DEFAULTS.timezone), span);
  };
  return uses.map(({ name, use }) => ({ name, use, spans: times(name) }));
};

function zoneOf(zones: ZoneData, name: string): Zone {
  const zone = zones.zone(name);
  if (!zone) throw new InvalidInput([errorAt('/timezone', `the zone data ${zones.version} have no zone ${JSON.stringify(name)}`)]);
  return zone;
}

const refuseUnknown = async (sql: Queryable, project: string, names: readonly string[], found: ReadonlySet<string>): Promise<never> => {
  const known = await sql<{ name: string }[]>`select name from calendars where project = ${project} order by name limit 1000`;
  const problems = names.flatMap((name, at) => {
    if (found.has(name)) return [];
    const hint = didYouMean(
      name,
      known.map((one) => one.name),
    );
    return [
      errorAt(pointerTo(pointerTo('/calendars', at), 'name'), `there is no calendar ${JSON.stringify(name)}${hint}`, { value: name }),
    ];
  });
  throw new InvalidInput(problems);
};
