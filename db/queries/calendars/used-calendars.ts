import { errorAt, InvalidInput, pointerTo } from '#jobs/problem.ts';
import type { Span, UsedCalendar } from '#jobs/recurrence/wanted.ts';
import { SCHEDULE_DEFAULTS, type ScheduleDefinition } from '#jobs/schedules/definition.ts';
import type { ZoneData } from '#jobs/zones/zone.ts';
import type { Queryable } from '../../client.ts';
import { type KnownCalendar, knownCalendars, spansFor } from './known-calendars.ts';
import { unknownCalendars } from './unknown-calendars.ts';

type Using = Pick<ScheduleDefinition, 'calendars' | 'timezone'>;

/** The calendars that a schedule uses with their times over a span, in its order; asks nothing where it uses none. Throws InvalidInput for names that nobody knows. */
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
  const found = await knownCalendars(sql, project, names);
  if (names.some((name) => !found.has(name))) await refuseUnknown(sql, project, names);
  return usesOf(definition, found, (calendar, zone) => spansFor(calendar, zone, zones, span));
};

/** As `usedCalendars`, of calendars that are at hand, with what their times are for somebody in a zone; those that are not have no times. */
export const usesOf = (
  { calendars = [], timezone = SCHEDULE_DEFAULTS.timezone }: Using,
  known: ReadonlyMap<string, KnownCalendar>,
  spansOf: (calendar: KnownCalendar, zone: string) => readonly Span[],
): readonly UsedCalendar[] =>
  calendars.map(({ name, use }) => {
    const calendar = known.get(name);
    return { name, use, spans: calendar ? spansOf(calendar, timezone) : [] };
  });

/** Keeps calendars that a schedule begins to use from being deleted until the transaction ends; asked before its row is locked, as whoever changes a calendar does. Throws InvalidInput for names that nobody knows. */
export const holdCalendars = async (tx: Queryable, project: string, names: readonly string[]): Promise<void> => {
  if (names.length === 0) return;
  const wanted = [...new Set(names)];
  const found = await tx`select 1 from calendars where project = ${project} and name = any(${wanted}::text[]) order by name for key share`;
  if (found.length < wanted.length) await refuseUnknown(tx, project, names);
};

const refuseUnknown = async (sql: Queryable, project: string, names: readonly string[]): Promise<void> => {
  const unknown = await unknownCalendars(sql, project, names);
  const problems = names.flatMap((name, at) =>
    unknown
      .filter((one) => one.name === name)
      .map(({ message }) => errorAt(pointerTo(pointerTo('/calendars', at), 'name'), message, { value: name })),
  );
  if (problems.length > 0) throw new InvalidInput(problems);
};
