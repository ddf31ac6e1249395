import type { Stretch } from './posix-tz.ts';
import type { Clocks } from './tzif.ts';
import type { Transition, Zone } from './zone.ts';

const NONE: Stretch = { from: Infinity, to: -Infinity, offsetMs: 0, abbreviation: '' };

/** A zone by the clocks of its place. It remembers the last two stretches it was asked about, since the next question is mostly about one of them. */
export function zoneOf(name: string, clocks: Clocks): Zone {
  let last = NONE;
  let other = NONE;
  const stretchAt = (moment: number): Stretch => {
    if (!isIn(last, moment)) [last, other] = [isIn(other, moment) ? other : clocks(moment), last];
    return last;
  };
  return {
    name,
    offsetAt: (moment) => stretchAt(moment).offsetMs,
    abbreviationAt: (moment) => stretchAt(moment).abbreviation,
    transitions: (from, to) => changesBetween(clocks, from, to),
  };
}

const isIn = ({ from, to }: Stretch, moment: number): boolean => moment >= from && moment < to;

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
