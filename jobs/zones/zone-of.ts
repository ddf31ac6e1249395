import type { Stretch } from './posix-tz.ts';
import type { Clocks } from './tzif.ts';
import type { Transition, Zone } from './zone.ts';

/** A zone by the clocks of its place. It remembers the last stretch it was asked about, since the next question is mostly about the same. */
export function zoneOf(name: string, clocks: Clocks): Zone {
  let last: Stretch = { from: Infinity, to: -Infinity, offsetMs: 0, abbreviation: '' };
  const stretchAt = (moment: number): Stretch => {
    if (!(moment >= last.from && moment < last.to)) last = clocks(moment);
    return last;
  };
  return {
    name,
    offsetAt: (moment) => stretchAt(moment).offsetMs,
    abbreviationAt: (moment) => stretchAt(moment).abbreviation,
    transitions: (from, to) => changesBetween(clocks, from, to),
  };
}

function changesBetween(clocks: Clocks, from: number, to: number): readonly Transition[] {
  if (!Number.isFinite(from) || !Number.isFinite(to))
    throw new RangeError(`transitions are listed between two moments, not from ${from} to ${to}`);
  const changes: Transition[] = [];
  let before = clocks(from - 1);
  while (before.to < to) {
    const after = clocks(before.to);
    // Some changes are of the name alone.
    if (after.offsetMs !== before.offsetMs) changes.push({ at: before.to, offsetMs: after.offsetMs, beforeMs: before.offsetMs });
    before = after;
  }
  return changes;
}
