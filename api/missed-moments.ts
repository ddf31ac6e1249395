import type { z } from 'zod';
import { usedCalendars } from '#db/queries/calendars/used-calendars.ts';
import type { Resumed } from '#db/queries/schedules/pause-schedules.ts';
import { knownAround } from '#jobs/recurrence/calendar-times.ts';
import { starts } from '#jobs/recurrence/candidates.ts';
import { ruleOf } from '#jobs/schedules/rule.ts';
import { zoneData } from '#platform/zone-data.ts';
import type { Services } from './services.ts';
import type { Missed as MissedView } from './views/schedule.ts';

type Missed = z.infer<typeof MissedView>;

/** Moments that a pause of a schedule took, counted up to `most`. */
export async function missedBy({ database }: Services, paused: Omit<Resumed, 'id' | 'name'>, most: number): Promise<Missed> {
  const { project, definition, from_at: from, until_at: to } = paused;
  const zones = zoneData();
  const zone = zones.zone(definition.timezone ?? 'UTC');
  const span = { from: Date.parse(from), to: Date.parse(to) };
  if (!zone || span.from >= span.to) return { count: 0, at_least: false, from, to };
  const calendars = await usedCalendars(database.sql, project, definition, zones, knownAround(span));
  let count = 0;
  for (const _ of starts(ruleOf(definition), zone, span, calendars)) {
    if (count === most) return { count, at_least: true, from, to };
    count += 1;
  }
  return { count, at_least: false, from, to };
}
