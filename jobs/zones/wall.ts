import type { Zone } from './zone.ts';

/** No zone is further than this from UTC, and between two changes of its clocks more time passes. */
const REACH_MS = 86_400_000;

/** The moments at which the clocks of a zone show a wall time (given as if it were UTC), in order: none when they leave it out, two when they show it twice. */
export function momentsShowing(wall: number, zone: Zone): readonly number[] {
  const offsets = new Set([zone.offsetAt(wall - REACH_MS), ...changesAbout(wall, zone).map(({ offsetMs }) => offsetMs)]);
  const moments = [...offsets].map((offset) => wall - offset);
  return moments.filter((moment) => moment + zone.offsetAt(moment) === wall).sort((a, b) => a - b);
}

/** The moment that stands for a wall time which the clocks leave out: as much later as they are put forward. */
export function momentAfterGap(wall: number, zone: Zone): number {
  const gap = changesAbout(wall, zone).find(({ at, beforeMs, offsetMs }) => at + beforeMs <= wall && wall < at + offsetMs);
  if (!gap) throw new RangeError(`${new Date(wall).toISOString().slice(0, -1)} is not left out in ${zone.name}`);
  return wall - gap.beforeMs;
}

/** The wall time (as if it were UTC) that a moment right after a gap stands for, the other way round. */
export function momentBeforeGap(moment: number, zone: Zone): number {
  const gap = zone.transitions(moment - REACH_MS, moment + 1).findLast(({ beforeMs, offsetMs }) => beforeMs < offsetMs);
  return moment + (gap?.beforeMs ?? zone.offsetAt(moment));
}

const changesAbout = (wall: number, zone: Zone) => zone.transitions(wall - REACH_MS, wall + REACH_MS);
