import type { Rule } from '../schedules/rule.ts';
import { take } from '../take.ts';
import type { Zone } from '../zones/zone.ts';
import { HORIZON_MS } from './calendar-times.ts';
import { starts } from './candidates.ts';
import type { Candidate, UsedCalendar } from './wanted.ts';

/** Any rule that starts something at all does so within this: 29 February on a certain weekday comes every 28 years, or 40 across 2100. */
export const FAR_MS = 41 * 366 * 86_400_000;

/** The next so many starts after a moment (not included), of those before `until`, where calendars are known no further. */
export const nextStarts = (
  rule: Rule,
  zone: Zone,
  after: number,
  count: number,
  calendars: readonly UsedCalendar[] = [],
  until: number = after + FAR_MS,
): readonly Candidate[] => [...take(starts(rule, zone, { from: after + 1, to: until }, calendars), count)];

/** The next start after a moment; null: there is none. Calendars are asked until the horizon; a rule that means nothing until then is taken at its word for later. */
export function nextStart(rule: Rule, zone: Zone, after: number, calendars: readonly UsedCalendar[]): Candidate | null {
  const until = after + HORIZON_MS;
  const [known] = nextStarts(rule, zone, after, 1, calendars, until);
  if (known) return known;
  const isClosed = calendars.length > 0 && nextStarts(rule, zone, after, 1, [], until).length > 0;
  return isClosed ? null : (nextStarts(rule, zone, until - 1, 1)[0] ?? null);
}
