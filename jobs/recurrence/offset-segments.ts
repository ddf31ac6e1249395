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
