import type { Span } from '../recurrence/wanted.ts';
import { clockAt } from '../zones/clock.ts';
import type { Zone } from '../zones/zone.ts';

const HOUR_MS = 3_600_000;

/** An hour as the clocks of a zone have it: the stretch during which they show the same hour at the same offset. */
export interface LocalHour extends Span {
  /** What they show at its start, with their offset. */
  readonly local: string;
}

/** The hours of a zone in a span, in order and without gaps, the first and the last cut to it: a day has 23 to 25, and where clocks change by half an hour there are short ones. */
export function localHours(zone: Zone, span: Span): readonly LocalHour[] {
  const hours: LocalHour[] = [];
  const changes = [...zone.transitions(span.from + 1, span.to).map(({ at }) => at), span.to];
  let from = span.from;
  for (const change of changes) {
    while (from < change) {
      const local = from + zone.offsetAt(from);
      const to = Math.min(from + HOUR_MS - (((local % HOUR_MS) + HOUR_MS) % HOUR_MS), change);
      hours.push({ from, to, local: clockAt(from, zone) });
      from = to;
    }
  }
  return hours;
}
