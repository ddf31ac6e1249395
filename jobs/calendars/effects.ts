import { candidates } from '../recurrence/candidates.ts';
import type { Span, UsedCalendar } from '../recurrence/wanted.ts';
import type { Rule } from '../schedules/rule.ts';
import type { Zone } from '../zones/zone.ts';

/** A start that a change of calendars takes away, brings, or moves. Moments are epoch milliseconds. */
export interface StartChange {
  /** Null: there was none. */
  readonly before: number | null;
  /** Null: there is none any more. */
  readonly after: number | null;
  /** What the wall shows by the rule. */
  readonly wall: string;
}

/** What a change of calendars means for a schedule. */
export interface CalendarEffect {
  readonly removed: number;
  readonly added: number;
  readonly moved: number;
  /** The first of them, in order. */
  readonly changes: readonly StartChange[];
  /** Up to which moment starts were compared: the end of the span, unless there are too many. */
  readonly until: number;
}

/** The times of all of a schedule's calendars, before and after. */
export interface Change {
  readonly before: readonly UsedCalendar[];
  readonly after: readonly UsedCalendar[];
}

/** What becomes of the starts of a rule in a span, of which the first `most` are compared and `shown` of the changes listed. The calendars must be known as `candidates` says. */
export function calendarEffect(rule: Rule, zone: Zone, span: Span, change: Change, most: number, shown: number): CalendarEffect {
  const [before, after] = [change.before, change.after].map((calendars) => startsOf(rule, zone, span, calendars, most)) as [Starts, Starts];
  const until = Math.min(before.until, after.until);
  const changes = [...new Set([...before.at.keys(), ...after.at.keys()])]
    .map((key) => ({ before: before.at.get(key) ?? null, after: after.at.get(key) ?? null, wall: key.slice(0, key.indexOf(' ')) }))
    .filter((one) => one.before !== one.after && Math.min(one.before ?? Infinity, one.after ?? Infinity) < until)
    .sort((a, b) => (a.before ?? a.after ?? 0) - (b.before ?? b.after ?? 0));
  const count = (is: (one: StartChange) => boolean) => changes.filter(is).length;
  return {
    removed: count((one) => one.after === null),
    added: count((one) => one.before === null),
    moved: count((one) => one.before !== null && one.after !== null),
    changes: changes.slice(0, shown),
    until,
  };
}

interface Starts {
  readonly at: ReadonlyMap<string, number>;
  readonly until: number;
}

/** Starts by what the rule means with them: its time on the wall, and which of several that show the same. */
function startsOf(rule: Rule, zone: Zone, span: Span, calendars: readonly UsedCalendar[], most: number): Starts {
  const at = new Map<string, number>();
  const met = new Map<string, number>();
  let looked = 0;
  for (const one of candidates(rule, zone, span, calendars)) {
    looked += 1;
    if (looked > most) return { at, until: one.at };
    const copy = (met.get(one.wall) ?? 0) + 1;
    met.set(one.wall, copy);
    if (one.reason === null) at.set(`${one.wall} ${copy}`, one.at);
  }
  return { at, until: span.to };
}
