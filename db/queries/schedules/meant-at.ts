import { InvalidInput } from '#jobs/problem.ts';
import { knownAround } from '#jobs/recurrence/calendar-times.ts';
import type { Candidate, Span, UsedCalendar } from '#jobs/recurrence/wanted.ts';
import { SCHEDULE_DEFAULTS, type ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { meantMoments } from '#jobs/schedules/meant-moments.ts';
import type { ZoneData } from '#jobs/zones/zone.ts';
import type { Queryable } from '../../client.ts';
import type { ScheduleRow } from '../../schema/schedules.ts';
import { usedCalendars } from '../calendars/used-calendars.ts';

/** What the schedule means to happen within this second, by the definition that stood then; null: nothing, so that whoever starts something goes by an older one. */
export async function meantAt(sql: Queryable, zones: ZoneData, schedule: ScheduleRow, nominalAt: number): Promise<Candidate | null> {
  const definition = await definitionAt(sql, schedule, nominalAt);
  const zone = zones.zone(definition.timezone ?? SCHEDULE_DEFAULTS.timezone);
  if (!zone) return null;
  const span = { from: nominalAt, to: nominalAt + 1_000 };
  const calendars = await calendarsOrNone(sql, zones, schedule.project, definition, knownAround(span));
  const [one] = meantMoments([{ definition, zone, calendars, from: span.from, until: null }], span);
  return one?.moment ?? null;
}

/** The definition that stood at a moment. Served by the primary key of schedule_versions. */
export async function definitionAt(sql: Queryable, { id, definition, effective_at }: ScheduleRow, at: number): Promise<ScheduleDefinition> {
  if (Date.parse(effective_at) <= at) return definition;
  const [version] = await sql<{ definition: ScheduleDefinition }[]>`
    select definition from schedule_versions where schedule_id = ${id} and from_at <= ${new Date(at)} order by version desc limit 1`;
  return version?.definition ?? definition;
}

/** The calendars that a definition uses; none when one of them is gone, which keeps nothing from being started or looked over. */
export const calendarsOrNone = (
  sql: Queryable,
  zones: ZoneData,
  project: string,
  definition: ScheduleDefinition,
  span: Span,
): Promise<readonly UsedCalendar[]> =>
  usedCalendars(sql, project, definition, zones, span).catch((error: unknown): readonly UsedCalendar[] => {
    if (error instanceof InvalidInput) return [];
    throw error;
  });
