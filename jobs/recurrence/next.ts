import type { Rule } from '../schedules/rule.ts';
import { take } from '../take.ts';
import type { Zone } from '../zones/zone.ts';
import { starts } from './candidates.ts';
import type { Candidate, UsedCalendar } from './wanted.ts';

/** Any rule that starts something at all does so within this: 29 February on a certain weekday comes every 28 years, or 40 across 2100. */
const FAR_MS = 41 * 366 * 86_400_000;

/** The next so many starts after a moment (not included), of those before `until`, where calendars are known no further. */
export const nextStarts = (
  rule: Rule,
  zone: Zone,
  after: number,
  count: number,
  calendars: readonly UsedCalendar[] = [],
  until: number = after + FAR_MS,
): readonly Candidate[] => [...take(starts(rule, zone, { from: after + 1, to: until }, calendars), count)];
