import type { EveryRule, Rule } from '../schedules/rule.ts';
import type { Zone } from '../zones/zone.ts';
import { starts } from './candidates.ts';
import { closedMaps } from './closed-maps.ts';
import { groupMinutes } from './group-minutes.ts';
import { type MapsBySecond, turnOn } from './minute-map.ts';
import { closedSpans, deferredStarts, fitting, groupMaps, MOST_CALENDARS, toUtcCalendars } from './to-utc-calendars.ts';
import type { Span, UsedCalendar, UtcCalendar } from './wanted.ts';

/** What Temporal is told of a rule: never a time on a wall. Nothing is told beyond `until`; null: it holds without end. */
export type UtcPlan = IntervalPlan | CalendarsPlan | { readonly kind: 'never'; readonly until: number };

/** A server interval: `offsetMs` after each multiple of `everyMs` since 1970, but not within `skip`, and at `also`. */
export interface IntervalPlan {
  readonly kind: 'interval';
  readonly everyMs: number;
  readonly offsetMs: number;
  /** The first moment at which it may start anything. */
  readonly startAt: number | null;
  /** The last moment at which it may, which Temporal counts as allowed. */
  readonly endAt: number | null;
  readonly skip: readonly UtcCalendar[];
  readonly also: readonly UtcCalendar[];
  readonly until: number | null;
}

export interface CalendarsPlan {
  readonly kind: 'calendars';
  readonly calendars: readonly UtcCalendar[];
  readonly until: number;
}

/**
 * How Temporal is told of a rule for a span of time. Elapsed time stays an interval of the server, which is exact and without end; where calendars concern it,
 * what they close is excluded from it and what they defer is added, and it ends with the span, since nothing is known of them beyond. All else is compiled.
 * The calendars must be known from `DEFER_MS` before the span until as long after it.
 */
export function utcPlan(rule: Rule, zone: Zone, span: Span, calendars: readonly UsedCalendar[] = []): UtcPlan {
  if (rule.kind === 'every') return intervalPlan(rule, zone, span, calendars);
  const compiled = toUtcCalendars(rule, zone, span, calendars);
  return compiled.calendars.length === 0 ? { kind: 'never', until: span.to } : { kind: 'calendars', ...compiled };
}

function intervalPlan(rule: EveryRule, zone: Zone, span: Span, calendars: readonly UsedCalendar[]): UtcPlan {
  const { everyMs, anchor, endAt } = rule;
  const first = Math.max(anchor, rule.startAt ?? anchor);
  const rhythm = {
    kind: 'interval',
    everyMs,
    offsetMs: ((anchor % everyMs) + everyMs) % everyMs,
    startAt: first > 0 ? Math.ceil(first / 1000) * 1000 : null,
  } as const;
  const hasStart = (stretch: Span, some: readonly UsedCalendar[]) => !starts(rule, zone, stretch, some).next().done;
  if (calendars.length === 0 && endAt !== null && !hasStart({ from: span.from, to: endAt }, [])) return { kind: 'never', until: span.to };
  if (calendars.length === 0) return { ...rhythm, endAt: endAt === null ? null : endAt - 1, skip: [], also: [], until: null };

  const closed = closedMaps(closedSpans(calendars, span), span);
  const others = calendars.filter(({ use }) => use !== 'defer');
  const also: MapsBySecond = new Map();
  for (const at of deferredStarts(calendars, span, endAt, (stretch) => hasStart(stretch, others))) turnOn(also, span, at);
  if (!hasStart(span, calendars)) return { kind: 'never', until: span.to };
  const skipped = (days: number) => closed.flatMap(({ map, seconds }) => groupMinutes(map, seconds, days));
  const { until } = fitting(span, MOST_CALENDARS, (days) => [...skipped(days), ...groupMaps(also, days)]);
  const days = Math.ceil(until / 86_400_000) - Math.floor(span.from / 86_400_000);
  return { ...rhythm, endAt: Math.min(endAt ?? until, until) - 1, skip: skipped(days), also: groupMaps(also, days), until };
}
