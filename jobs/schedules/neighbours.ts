import { starts } from '../recurrence/candidates.ts';
import { nextStarts } from '../recurrence/next.ts';
import type { Span, UsedCalendar } from '../recurrence/wanted.ts';
import type { Zone } from '../zones/zone.ts';
import type { Rule } from './rule.ts';

/** So far around a moment its neighbours are looked for. */
const FAR_MS = 400 * 86_400_000;
const NEAR_MS = 120_000;

/** The span in which the neighbours of a moment are looked for. */
export const neighbourhood = (at: number): Span => ({ from: at - FAR_MS, to: at + FAR_MS });

/** The moments before and after this one at which a rule means something to start; null: there is none within 400 days. */
export function neighboursOf(
  rule: Rule,
  zone: Zone,
  at: number,
  calendars: readonly UsedCalendar[] = [],
): { readonly previous: number | null; readonly next: number | null } {
  const { to } = neighbourhood(at);
  return { previous: previousOf(rule, zone, at, calendars), next: nextStarts(rule, zone, at, 1, calendars, to)[0]?.at ?? null };
}

/** Looks back further and further, since rules are only read forwards and the last ten seconds of one are the last year of another. */
function previousOf(rule: Rule, zone: Zone, at: number, calendars: readonly UsedCalendar[]): number | null {
  for (let near = at, back = NEAR_MS; near > at - FAR_MS; back *= 4) {
    const from = at - Math.min(back, FAR_MS);
    let last: number | null = null;
    for (const one of starts(rule, zone, { from, to: near }, calendars)) last = one.at;
    if (last !== null) return last;
    near = from;
  }
  return null;
}
