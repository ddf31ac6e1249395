import type { Zone } from '../zones/zone.ts';
import type { Span } from './wanted.ts';

/** A stretch of time in which the clocks of a zone do not change, in instants; `beforeMs` is what they showed right before it. */
export interface OffsetSegment extends Span {
  readonly offsetMs: number;
  readonly beforeMs: number;
}

/** Longer than clocks ever jump: Samoa left out a whole day. */
const WIDER_MS = 2 * 86_400_000;

/** The stretches that concern a span of time, in order and without holes; the first reaches back, the last ahead, without end. */
export function offsetSegments(zone: Zone, span: Span): readonly OffsetSegment[] {
  const begin = span.from - WIDER_MS;
  const first = zone.offsetAt(begin);
  const changes = zone.transitions(begin + 1, span.to + WIDER_MS);
  const starts = [{ at: Number.NEGATIVE_INFINITY, offsetMs: first, beforeMs: first }, ...changes];
  return starts.map(({ at, offsetMs, beforeMs }, place) => ({
    from: at,
    to: starts[place + 1]?.at ?? Number.POSITIVE_INFINITY,
    offsetMs,
    beforeMs,
  }));
}

/** Whether the clocks show this wall time within a stretch. */
export const shows = ({ from, to, offsetMs }: OffsetSegment, wall: number): boolean => wall - offsetMs >= from && wall - offsetMs < to;

/** The moments, in order, at which the clocks of a zone show a wall time: none in a gap, two in a fold. */
export function momentsOf(zone: Zone, wall: number): readonly number[] {
  return offsetSegments(zone, { from: wall - WIDER_MS, to: wall + WIDER_MS })
    .filter((segment) => shows(segment, wall))
    .map(({ offsetMs }) => wall - offsetMs);
}

/** The moment at which a wall time is made up for that the clocks left out: as much later as they jumped. Null when they show it. */
export function shiftedMoment(zone: Zone, wall: number): number | null {
  const segments = offsetSegments(zone, { from: wall - WIDER_MS, to: wall + WIDER_MS });
  if (segments.some((segment) => shows(segment, wall))) return null;
  const jump = segments.find(({ from, offsetMs, beforeMs }) => wall >= from + beforeMs && wall < from + offsetMs);
  return jump ? wall - jump.beforeMs : null;
}
