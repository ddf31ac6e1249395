import type { OnceRule, WallRule } from '../schedules/rule.ts';
import type { Zone } from '../zones/zone.ts';
import { calendarTimes, DEFER_MS } from './calendar-times.ts';
import { candidates } from './candidates.ts';
import { DAY_MS } from './civil.ts';
import { groupMinutes } from './group-minutes.ts';
import { fromDay, isAnyOn, type MapsBySecond, turnOff, turnOn } from './minute-map.ts';
import { wallMaps } from './wall-maps.ts';
import type { Span, UsedCalendar, UtcCalendar } from './wanted.ts';

/** Calendars that one schedule sends to Temporal at most. */
export const MOST_CALENDARS = 2_000;

/** What of a span is told in calendars, and up to when: less than its end when that would be too many of them. */
export interface UtcCalendars {
  readonly calendars: readonly UtcCalendar[];
  readonly until: number;
}

/**
 * Structured calendars in UTC that hold exactly the moments at which a rule starts something within a span. The calendars of the schedule must be known from
 * `DEFER_MS` before the span until as long after it.
 */
export function toUtcCalendars(
  rule: WallRule | OnceRule,
  zone: Zone,
  span: Span,
  calendars: readonly UsedCalendar[] = [],
  most: number = MOST_CALENDARS,
): UtcCalendars {
  const starts = rule.kind === 'once' ? onceMaps(rule, zone, span, calendars) : ruleMaps(rule, zone, span, calendars);
  return fitting(span, most, (days) => groupMaps(starts, days));
}

/** Calendars for the first so many days of maps. */
export const groupMaps = (maps: MapsBySecond, days: number): readonly UtcCalendar[] =>
  [...maps].flatMap(([second, map]) => groupMinutes(map, [{ start: second, end: second, step: 1 }], days));

/** As many whole UTC days of a span, at least one, as fit in so many calendars. */
export function fitting(span: Span, most: number, group: (days: number) => readonly UtcCalendar[]): UtcCalendars {
  const firstDay = Math.floor(span.from / DAY_MS);
  const days = Math.ceil(span.to / DAY_MS) - firstDay;
  const all = group(days);
  if (all.length <= most) return { calendars: all, until: span.to };
  let [fits, tooMany] = [1, days];
  while (tooMany - fits > 1) {
    const middle = (fits + tooMany) >> 1;
    if (group(middle).length <= most) fits = middle;
    else tooMany = middle;
  }
  return { calendars: group(fits), until: (firstDay + fits) * DAY_MS };
}

function onceMaps(rule: OnceRule, zone: Zone, span: Span, calendars: readonly UsedCalendar[]): MapsBySecond {
  const maps: MapsBySecond = new Map();
  for (const { at, reason } of candidates(rule, zone, span, calendars)) if (reason === null) turnOn(maps, span, at);
  return maps;
}

function ruleMaps(rule: WallRule, zone: Zone, span: Span, calendars: readonly UsedCalendar[]): MapsBySecond {
  const defers = calendars.filter(({ use }) => use === 'defer');
  if (defers.length === 0) {
    const maps = wallMaps(rule, zone, span);
    for (const closed of closedSpans(calendars, span)) turnOff(maps, closed);
    return maps;
  }
  const wide = { from: span.from - DEFER_MS, to: span.to };
  const maps = wallMaps(rule, zone, wide);
  const others = calendars.filter(({ use }) => use !== 'defer');
  for (const closed of closedSpans(others, wide)) turnOff(maps, closed);
  const deferred = deferredStarts(calendars, span, rule.endAt, (within) => isAnyOn(maps, within));
  for (const { spans } of defers) for (const closed of spans) turnOff(maps, closed);
  for (const at of deferred) turnOn(maps, wide, at);
  turnOff(maps, { from: wide.from, to: span.from });
  return new Map([...maps].map(([second, map]) => [second, fromDay(map, Math.floor(span.from / DAY_MS))]));
}

/** The moments within a span that starts wait for, where `starts` says whether a stretch has any that no other calendar keeps from it. */
export function deferredStarts(
  calendars: readonly UsedCalendar[],
  span: Span,
  endAt: number | null,
  starts: (within: Span) => boolean,
): ReadonlySet<number> {
  const times = calendarTimes(calendars);
  const found = new Set<number>();
  const spans = calendars.flatMap((one) => (one.use === 'defer' ? one.spans : []));
  for (const { from, to } of spans) {
    if (to <= span.from - DEFER_MS || from >= span.to) continue;
    const at = times.nextAllowed(to - 1);
    if (at === null || at < span.from || at >= Math.min(span.to, endAt ?? span.to)) continue;
    if (starts({ from: Math.max(from, at - DEFER_MS), to })) found.add(at);
  }
  return found;
}

/** The stretches of a span that calendars do not allow, in order of each calendar. */
export function closedSpans(calendars: readonly UsedCalendar[], { from, to }: Span): readonly Span[] {
  return calendars.flatMap(({ use, spans }) => (use === 'only' ? gapsBetween(spans, from, to) : spans));
}

function gapsBetween(spans: readonly Span[], from: number, to: number): readonly Span[] {
  const edges = [from, ...spans.flatMap((one) => [one.from, one.to]), to];
  return Array.from({ length: edges.length / 2 }, (_, at) => ({
    from: Math.max(edges[2 * at] as number, from),
    to: Math.min(edges[2 * at + 1] as number, to),
  })).filter((gap) => gap.from < gap.to);
}
