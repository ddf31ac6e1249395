import { setImmediate as breathe } from 'node:timers/promises';
import type { z } from 'zod';
import { concernedSchedules } from '#db/queries/calendars/concerned-schedules.ts';
import { type KnownCalendar, knownCalendars, spansFor } from '#db/queries/calendars/known-calendars.ts';
import { usesOf } from '#db/queries/calendars/used-calendars.ts';
import { type CalendarEffect, calendarEffect } from '#jobs/calendars/effects.ts';
import { HORIZON_MS, knownAround } from '#jobs/recurrence/calendar-times.ts';
import type { Span } from '#jobs/recurrence/wanted.ts';
import { SCHEDULE_DEFAULTS } from '#jobs/schedules/definition.ts';
import { ruleOf } from '#jobs/schedules/rule.ts';
import type { ZoneData } from '#jobs/zones/zone.ts';
import { zoneData } from '#platform/zone-data.ts';
import { PROJECT } from './project.ts';
import type { Services } from './services.ts';
import type { CalendarEffects } from './views/calendar.ts';

type Effects = z.infer<typeof CalendarEffects>;

/** Schedules looked at, starts of each, and changes listed in all. */
const MOST = { schedules: 500, starts: 20_000, allStarts: 400_000, listed: 200 } as const;

/** What a calendar that becomes `after` means for the schedules that use it, from `now` on. */
export async function effectsOf(services: Services, name: string, after: KnownCalendar, now: number): Promise<Effects> {
  const { sql } = services.database;
  const zones = zoneData();
  const span = { from: now, to: now + HORIZON_MS };
  const found = await concernedSchedules(sql, PROJECT, name, MOST.schedules + 1);
  const schedules = found.slice(0, MOST.schedules);
  const known = await knownCalendars(
    sql,
    PROJECT,
    schedules.flatMap(({ definition }) => (definition.calendars ?? []).map((use) => use.name)),
  );
  const changed = new Map([...known, [name, after]]);
  const most = Math.max(1_000, Math.min(MOST.starts, Math.floor(MOST.allStarts / Math.max(1, schedules.length))));
  const spansOf = rememberedSpans(zones, knownAround(span));
  const effects: (readonly [string, CalendarEffect])[] = [];
  for (const { name: schedule, definition } of schedules) {
    const zone = zones.zone(definition.timezone ?? SCHEDULE_DEFAULTS.timezone);
    if (!zone) continue;
    const [before, then] = [known, changed].map((calendars) => usesOf(definition, calendars, spansOf));
    const change = { before: before ?? [], after: then ?? [] };
    effects.push([schedule, calendarEffect(ruleOf(definition), zone, span, change, most, MOST.listed)]);
    await breathe();
  }
  const sum = (of: 'removed' | 'added' | 'moved') => effects.reduce((all, [, effect]) => all + effect[of], 0);
  return {
    until: iso(span.to),
    removed: sum('removed'),
    added: sum('added'),
    moved: sum('moved'),
    schedules: effects.map(([schedule, { removed, added, moved, until }]) => ({
      name: schedule,
      removed,
      added,
      moved,
      compared_until: iso(until),
    })),
    is_complete: found.length <= MOST.schedules,
    changes: changesOf(effects),
  };
}

/** What calendars come to over a span, worked out once for all schedules of a zone. */
function rememberedSpans(zones: ZoneData, span: Span): (calendar: KnownCalendar, zone: string) => readonly Span[] {
  const remembered = new Map<KnownCalendar, Map<string, readonly Span[]>>();
  return (calendar, zone) => {
    const clocks = calendar.timezone ?? zone;
    const byZone = remembered.get(calendar) ?? new Map<string, readonly Span[]>();
    const spans = byZone.get(clocks) ?? spansFor(calendar, zone, zones, span);
    remembered.set(calendar, byZone.set(clocks, spans));
    return spans;
  };
}

const changesOf = (effects: readonly (readonly [string, CalendarEffect])[]): Effects['changes'] =>
  effects
    .flatMap(([schedule, { changes }]) => changes.map((change) => ({ schedule, ...change })))
    .sort((a, b) => (a.before ?? a.after ?? 0) - (b.before ?? b.after ?? 0))
    .slice(0, MOST.listed)
    .map(({ schedule, before, after, wall }) => ({
      schedule,
      change: after === null ? 'removed' : before === null ? 'added' : 'moved',
      at: before === null ? null : iso(before),
      to: after === null ? null : iso(after),
      wall,
    }));

const iso = (moment: number): string => new Date(moment).toISOString();
