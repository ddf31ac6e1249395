import type { WallRule } from '../schedules/rule.ts';
import type { Zone } from '../zones/zone.ts';
import { DAY_MS, MINUTE_MS, wallText } from './civil.ts';
import { type OffsetSegment, offsetSegments, shows } from './offset-segments.ts';
import { patternDays } from './pattern.ts';
import type { Candidate, Mark, Span } from './wanted.ts';

/**
 * The moments that a rule about times on a wall means within a span, in order, no two the same. A wall time that is left out stands at the moment it is
 * moved to, whether or not it is moved; where something starts at that moment anyway, that is all there is.
 */
export function* wallStarts(rule: WallRule, zone: Zone, span: Span): Generator<Candidate> {
  const segments = offsetSegments(zone, span);
  const left = leftOut(rule, segments, span);
  let next = left.next();
  for (const shown of shownStarts(rule, segments, span)) {
    for (; !next.done && next.value.at <= shown.at; next = left.next()) if (next.value.at < shown.at) yield next.value;
    yield shown;
  }
  for (; !next.done; next = left.next()) yield next.value;
}

/** Starts at times that the clocks show. */
function* shownStarts(rule: WallRule, segments: readonly OffsetSegment[], span: Span): Generator<Candidate> {
  for (const [place, segment] of segments.entries()) {
    const { offsetMs } = segment;
    const from = Math.max(segment.from, span.from) + offsetMs;
    const to = Math.min(segment.to, span.to) + offsetMs;
    if (from >= to) continue;
    const before = segments.slice(0, place);
    const after = segments.slice(place + 1);
    for (const wall of wallTimes(rule, from, to)) {
      const isRepeat = before.some((other) => shows(other, wall));
      const comesAgain = after.some((other) => shows(other, wall));
      if ((isRepeat && rule.fold === 'first') || (comesAgain && rule.fold === 'second')) continue;
      yield { at: wall - offsetMs, wall: wallText(wall), marks: foldMarks(isRepeat, comesAgain), reason: null };
    }
  }
}

const PLAIN: readonly Mark[] = [];

function foldMarks(isRepeat: boolean, comesAgain: boolean): readonly Mark[] {
  if (isRepeat) return ['fold-second'];
  return comesAgain ? ['fold-first'] : PLAIN;
}

/** What the rule means at times that the clocks leave out. */
function* leftOut(rule: WallRule, segments: readonly OffsetSegment[], span: Span): Generator<Candidate> {
  for (const { from, offsetMs, beforeMs } of segments) {
    if (offsetMs <= beforeMs) continue;
    const first = Math.max(from, span.from) + beforeMs;
    for (const wall of wallTimes(rule, first, Math.min(from + offsetMs, span.to + beforeMs))) {
      if (segments.some((segment) => shows(segment, wall))) continue;
      const at = wall - beforeMs;
      yield rule.gap === 'shift'
        ? { at, wall: wallText(wall), marks: ['shifted'], reason: null }
        : { at, wall: wallText(wall), marks: ['gap-skipped'], reason: 'dst' };
    }
  }
}

/** The times on a wall that agree with the rule, from one to another (not included), in order. */
export function* wallTimes(rule: Pick<WallRule, 'patterns'>, from: number, to: number): Generator<number> {
  if (from >= to) return;
  for (const { day, minutes } of patternDays(rule.patterns, Math.floor(from / DAY_MS), Math.ceil(to / DAY_MS))) {
    const midnight = day * DAY_MS;
    const isWhole = midnight >= from && midnight + DAY_MS <= to;
    for (const minute of minutes) {
      const wall = midnight + minute * MINUTE_MS;
      if (isWhole || (wall >= from && wall < to)) yield wall;
    }
  }
}
