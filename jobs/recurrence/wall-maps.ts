import type { WallRule } from '../schedules/rule.ts';
import type { Zone } from '../zones/zone.ts';
import { within } from './candidates.ts';
import { DAY_MS, MINUTE_MS } from './civil.ts';
import { type MapsBySecond, mapOf } from './minute-map.ts';
import { type OffsetSegment, offsetSegments } from './offset-segments.ts';
import { patternDays } from './pattern.ts';
import type { Span } from './wanted.ts';

/**
 * What a rule about times on a wall starts within a span, by stretches in which the clocks do not change: however many moments that are, none is looked at
 * by itself. Calendars are not asked.
 */
export function wallMaps(rule: WallRule, zone: Zone, span: Span): MapsBySecond {
  const maps: MapsBySecond = new Map();
  const bounds = within(rule, span);
  if (bounds.from >= bounds.to) return maps;
  const segments = offsetSegments(zone, bounds);
  const walls = segments.map(wallOf);
  const fill = (wall: Span, offsetMs: number) => {
    const clipped = { from: Math.max(wall.from, bounds.from + offsetMs), to: Math.min(wall.to, bounds.to + offsetMs) };
    if (clipped.from < clipped.to) fillFrom(maps, span, rule, clipped, offsetMs);
  };
  for (const [at, segment] of segments.entries()) {
    const repeats = rule.fold === 'both' ? [] : rule.fold === 'first' ? walls.slice(0, at) : walls.slice(at + 1);
    for (const wall of without(wallOf(segment), repeats)) fill(wall, segment.offsetMs);
    if (rule.gap === 'skip' || segment.offsetMs <= segment.beforeMs) continue;
    const gap = { from: segment.from + segment.beforeMs, to: segment.from + segment.offsetMs };
    for (const wall of without(gap, walls)) fill(wall, segment.beforeMs);
  }
  return maps;
}

const wallOf = ({ from, to, offsetMs }: OffsetSegment): Span => ({ from: from + offsetMs, to: to + offsetMs });

/** What of a span is in none of the others. */
const without = (span: Span, others: readonly Span[]): readonly Span[] =>
  others.reduce<readonly Span[]>(
    (left, other) =>
      left.flatMap(({ from, to }) =>
        [
          { from, to: Math.min(to, other.from) },
          { from: Math.max(from, other.to), to },
        ].filter((part) => part.from < part.to),
      ),
    [span],
  );

/** Turns on what agrees with the rule from one wall time to another, while clocks are so far ahead of UTC. */
function fillFrom(maps: MapsBySecond, span: Span, { patterns }: WallRule, wall: Span, offsetMs: number): void {
  const second = ((((-offsetMs / 1000) % 60) + 60) % 60) | 0;
  const { firstDay, minutes: map } = mapOf(maps, span, second);
  for (const { day, minutes } of patternDays(patterns, Math.floor(wall.from / DAY_MS), Math.ceil(wall.to / DAY_MS))) {
    const midnight = day * DAY_MS;
    const place = Math.floor((midnight - offsetMs) / MINUTE_MS) - firstDay * 1440;
    if (midnight >= wall.from && midnight + DAY_MS <= wall.to) for (const minute of minutes) map[place + minute] = 1;
    else {
      const [from, to] = [(wall.from - midnight) / MINUTE_MS, (wall.to - midnight) / MINUTE_MS];
      for (const minute of minutes) if (minute >= from && minute < to) map[place + minute] = 1;
    }
  }
}
