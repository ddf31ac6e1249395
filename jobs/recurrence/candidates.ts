import type { EveryRule, OnceRule, Rule } from '../schedules/rule.ts';
import { momentAfterGap, momentsShowing } from '../zones/wall.ts';
import type { Zone } from '../zones/zone.ts';
import { type CalendarTimes, calendarTimes } from './calendar-times.ts';
import { wallText } from './civil.ts';
import { wallStarts } from './wall-starts.ts';
import type { Candidate, Mark, Span, UsedCalendar } from './wanted.ts';

/**
 * Everything that a rule means to start within a span, in order, no two at the same moment; with `reason` what does not start. Lazy, so the span may be long.
 * The calendars must be known from `DEFER_MS` before the span until as long after it.
 */
export function* candidates(rule: Rule, zone: Zone, span: Span, calendars: readonly UsedCalendar[] = []): Generator<Candidate> {
  if (calendars.length === 0) yield* ruled(rule, zone, span);
  else yield* judged(rule, zone, span, calendars, ruled);
}

/** Of the same only what starts. However much calendars close, and for how long, it is not gone through moment by moment. */
export function* starts(rule: Rule, zone: Zone, span: Span, calendars: readonly UsedCalendar[] = []): Generator<Candidate> {
  const all = calendars.length === 0 ? ruled(rule, zone, span) : judged(rule, zone, span, calendars, leaping);
  for (const one of all) if (one.reason === null) yield one;
}

const YEAR_MS = 366 * 86_400_000;

/** What the rule by itself means, a year at a time, so that a long span costs no more than what is taken of it. */
function* ruled(rule: Rule, zone: Zone, span: Span): Generator<Candidate> {
  const { from, to } = rule.kind === 'once' ? span : within(rule, span);
  if (from >= to) return;
  if (rule.kind === 'every') yield* elapsed(rule, zone, { from, to });
  else if (rule.kind === 'once') yield* once(rule, zone, { from, to });
  else for (let at = from; at < to; at += YEAR_MS) yield* wallStarts(rule, zone, { from: at, to: Math.min(at + YEAR_MS, to) });
}

/** The part of a span in which a rule means anything. */
export const within = (rule: Exclude<Rule, OnceRule>, span: Span): Span => ({
  from: Math.max(span.from, rule.startAt ?? span.from, rule.kind === 'every' ? rule.anchor : span.from),
  to: Math.min(span.to, rule.endAt ?? span.to),
});

function* elapsed({ everyMs, anchor }: EveryRule, zone: Zone, { from, to }: Span): Generator<Candidate> {
  for (let at = anchor + Math.ceil((from - anchor) / everyMs) * everyMs; at < to; at += everyMs) {
    yield { at, wall: wallText(at + zone.offsetAt(at)), marks: [], reason: null };
  }
}

function* once({ when, gap, fold }: OnceRule, zone: Zone, { from, to }: Span): Generator<Candidate> {
  const isIn = ({ at }: Candidate) => at >= from && at < to;
  if ('at' in when) {
    yield* [{ at: when.at, wall: wallText(when.at + zone.offsetAt(when.at)), marks: [], reason: null }].filter(isIn);
    return;
  }
  const wall = wallText(when.wall);
  const moments = momentsShowing(when.wall, zone);
  const at = fold === 'second' ? moments.at(-1) : moments[0];
  const marks: readonly Mark[] = moments.length < 2 ? [] : [fold === 'second' ? 'fold-second' : 'fold-first'];
  if (at !== undefined) yield* [{ at, wall, marks, reason: null }].filter(isIn);
  else {
    const left: Candidate = { at: momentAfterGap(when.wall, zone), wall, marks: ['gap-skipped'], reason: 'dst' };
    yield* [gap === 'shift' ? { ...left, marks: ['shifted'] as const, reason: null } : left].filter(isIn);
  }
}

/** Stretches that are shorter are gone through. */
const LEAST_LEAP_MS = 60_000;

/** What the rule means, but of each stretch in which calendars let nothing start only the first moment. */
function* leaping(rule: Rule, zone: Zone, { from, to }: Span, times: CalendarTimes): Generator<Candidate> {
  for (let next = from; next < to; ) {
    const span = { from: next, to };
    next = to;
    for (const one of ruled(rule, zone, span)) {
      yield one;
      // Where the clocks take the first moment, another may wait in its place.
      const until = one.reason === null ? times.nothingUntil(one.at) : one.at;
      if (until - one.at < LEAST_LEAP_MS) continue;
      next = until;
      break;
    }
  }
}

/** What the calendars leave of what is found in a span, and of what waits for a moment in it. */
function* judged(rule: Rule, zone: Zone, span: Span, calendars: readonly UsedCalendar[], find: typeof leaping): Generator<Candidate> {
  const times = calendarTimes(calendars);
  const waiting: Candidate[] = [];
  const end = rule.kind === 'once' ? null : rule.endAt;
  // Before the span only what waits for it matters, and all of that waits for the same moment.
  const earlier = leaping(rule, zone, { from: times.waitingSince(span.from), to: span.from }, times);
  for (const found of inTurn(earlier, find(rule, zone, span, times))) {
    const one = judge(found, times, end);
    if (one.at > found.at) {
      // Those that wait for the same moment are one start, and they wait in order.
      if (waiting.at(-1)?.at !== one.at) waiting.push(one);
      continue;
    }
    while (waiting[0] && waiting[0].at < one.at) yield* inSpan(waiting.shift(), span);
    if (waiting[0]?.at === one.at) {
      const deferred = waiting.shift();
      yield* inSpan(one.reason === null ? one : deferred, span);
    } else yield* inSpan(one, span);
  }
  for (const one of waiting) yield* inSpan(one, span);
}

function* inTurn<T>(...all: readonly Iterable<T>[]): Generator<T> {
  for (const some of all) yield* some;
}

function* inSpan(one: Candidate | undefined, { from, to }: Span): Generator<Candidate> {
  if (one && one.at >= from && one.at < to) yield one;
}

function judge(one: Candidate, times: CalendarTimes, end: number | null): Candidate {
  if (one.reason !== null) return one;
  if (times.isBlocked(one.at)) return { ...one, marks: [...one.marks, 'blackout'], reason: 'blackout' };
  if (times.isOutside(one.at)) return { ...one, marks: [...one.marks, 'window'], reason: 'window' };
  if (!times.isDeferred(one.at)) return one;
  const at = times.nextAllowed(one.at);
  if (at === null || (end !== null && at >= end)) return { ...one, marks: [...one.marks, 'blackout'], reason: 'blackout' };
  return { ...one, at, marks: [...one.marks, 'deferred'] };
}
