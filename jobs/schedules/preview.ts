import { candidates, starts } from '../recurrence/candidates.ts';
import type { Candidate, Mark, Span, UsedCalendar } from '../recurrence/wanted.ts';
import { clockAt } from '../zones/clock.ts';
import type { Zone } from '../zones/zone.ts';
import type { Rule } from './rule.ts';

/** What the clocks of a zone show at a moment, and what they are called then. */
export interface Shown {
  readonly time: string;
  readonly abbreviation: string;
}

/** A moment that a rule means, on the clocks of its zone and on those of whoever looks. */
export interface PreviewMoment {
  /** Epoch milliseconds. */
  readonly at: number;
  /** What the rule has the wall show, also where the clocks do otherwise. */
  readonly wall: string;
  readonly local: Shown;
  readonly viewer: Shown | null;
  readonly marks: readonly Mark[];
  readonly reason: Candidate['reason'];
}

export interface PreviewAsked {
  readonly span: Span;
  readonly count: number;
  /** Leave out what does not start anything. */
  readonly startsOnly: boolean;
  readonly viewer: Zone | null;
}

/** The next moments that a rule means in a span, at most so many; and whether the span has more. */
export function previewOf(
  rule: Rule,
  zone: Zone,
  { span, count, startsOnly, viewer }: PreviewAsked,
  calendars: readonly UsedCalendar[],
): { readonly moments: readonly PreviewMoment[]; readonly more: boolean } {
  const moments: PreviewMoment[] = [];
  const all = startsOnly ? starts : candidates;
  for (const { at, wall, marks, reason } of all(rule, zone, span, calendars)) {
    if (moments.length === count) return { moments, more: true };
    moments.push({ at, wall, local: shownAt(at, zone), viewer: viewer && shownAt(at, viewer), marks, reason });
  }
  return { moments, more: false };
}

const shownAt = (at: number, zone: Zone): Shown => ({ time: clockAt(at, zone), abbreviation: zone.abbreviationAt(at) });

/** How far apart starts are, in milliseconds; null where there are fewer than two. */
export function spacingOf(starts: readonly number[]): { readonly shortest: number; readonly longest: number } | null {
  if (starts.length < 2) return null;
  const gaps = starts.slice(1).map((at, index) => at - (starts[index] ?? 0));
  return { shortest: Math.min(...gaps), longest: Math.max(...gaps) };
}
