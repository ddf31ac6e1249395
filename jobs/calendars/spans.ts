import type { Span } from '../recurrence/wanted.ts';
import type { Zone } from '../zones/zone.ts';
import type { CalendarTimes, Instance } from './definition.ts';
import { type Entry, readEntry } from './entry.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/**
 * The times of a calendar within a span, by the clocks of this zone: in order, none touching another.
 * A moment is in it when the wall shows one of its times then: an hour that is shown twice counts twice, one that is left out never.
 */
export function spansOf({ entries, instances }: CalendarTimes, zone: Zone, span: Span): readonly Span[] {
  const read = entries.map((entry) => readEntry(typeof entry === 'string' ? entry : entry.on));
  const near = instances.filter(isNear(span));
  const floating = near.filter(isFloating);
  const found = near.flatMap((instance) => (isFloating(instance) ? [] : clip(instantsOf(instance), span)));
  for (const { offsetMs, ...segment } of segmentsOf(zone, span)) {
    const wall = { from: segment.from + offsetMs, to: segment.to + offsetMs };
    const add = (times: Span): void => {
      found.push(...clip({ from: times.from - offsetMs, to: times.to - offsetMs }, segment));
    };
    for (const entry of read) for (const times of wallTimes(entry, wall)) add(times);
    for (const instance of floating) add(instantsOf(instance));
  }
  return merged(found);
}

/** Whether a moment is within one of the spans, which are in order. */
export function isWithin(spans: readonly Span[], moment: number): boolean {
  return spanAt(spans, moment) !== null;
}

/** The span that a moment is within, of those in order; or null. */
export function spanAt(spans: readonly Span[], moment: number): Span | null {
  let [low, high] = [0, spans.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const span = spans[middle] as Span;
    if (moment < span.from) high = middle - 1;
    else if (moment >= span.to) low = middle + 1;
    else return span;
  }
  return null;
}

/** Spans in order of their start, those that touch or overlap made one; empty ones are left out. */
export function merged(spans: readonly Span[]): readonly Span[] {
  const inOrder = spans.filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from);
  const found: { from: number; to: number }[] = [];
  for (const { from, to } of inOrder) {
    const last = found.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else found.push({ from, to });
  }
  return found;
}

/** Whether an event may touch a span by any clocks; of thousands most do not touch a short one, and as texts they are told apart quickly. */
const isNear = ({ from, to }: Span): ((instance: Instance) => boolean) => {
  const [first, last] = [from - 2 * DAY_MS, to + 2 * DAY_MS].map((moment) => new Date(moment).toISOString());
  return ([begin, end]) => end >= (first ?? '') && begin <= (last ?? '');
};

const isFloating = ([from]: Instance): boolean => !from.endsWith('Z');

/** A date or a time on a wall counts as if its clocks were those of UTC. */
const instantsOf = ([from, to]: Instance): Span => ({ from: readInstant(from), to: readInstant(to) });

const readInstant = (text: string): number => Date.parse(text.includes('T') && !text.endsWith('Z') ? `${text}Z` : text);

const clip = ({ from, to }: Span, within: Span): readonly Span[] => {
  const cut = { from: Math.max(from, within.from), to: Math.min(to, within.to) };
  return cut.from < cut.to ? [cut] : [];
};

/** The stretches of a span during which the clocks of the zone do not change. */
function segmentsOf(zone: Zone, { from, to }: Span): readonly (Span & { readonly offsetMs: number })[] {
  const changes = zone.transitions(from, to).filter(({ at }) => at > from);
  const starts = [{ at: from, offsetMs: zone.offsetAt(from) }, ...changes];
  return starts.map(({ at, offsetMs }, place) => ({ from: at, to: starts[place + 1]?.at ?? to, offsetMs }));
}

/** The times of an entry that may touch a stretch of wall time. */
function* wallTimes(entry: Entry, wall: Span): Generator<Span> {
  switch (entry.kind) {
    case 'dates':
      yield daysOf(entry.first, entry.last);
      return;
    case 'yearly':
      for (let year = yearOf(wall.from) - 1; year <= yearOf(wall.to); year++) {
        const days = yearlyDays(entry.first, entry.last, year);
        if (days) yield days;
      }
      return;
    case 'weekly':
      for (let day = Math.floor(wall.from / DAY_MS) - Math.ceil((entry.toMinute * MINUTE_MS) / DAY_MS); day * DAY_MS < wall.to; day++) {
        // 1970-01-01 was a Thursday.
        if (!entry.weekdays.includes(((((day + 3) % 7) + 7) % 7) + 1)) continue;
        yield { from: day * DAY_MS + entry.fromMinute * MINUTE_MS, to: day * DAY_MS + entry.toMinute * MINUTE_MS };
      }
  }
}

const yearOf = (wall: number): number => new Date(wall).getUTCFullYear();

const daysOf = (first: string, last: string): Span => ({ from: Date.parse(first), to: Date.parse(last) + DAY_MS });

/** The days of one year; none when it has no such first or last day, as 02-29. */
function yearlyDays(first: string, last: string, year: number): Span | null {
  const lastYear = last < first ? year + 1 : year;
  const days = { from: dayOf(year, first), to: dayOf(lastYear, last) + (isDayOf(lastYear, last) ? DAY_MS : 0) };
  return days.from < days.to ? days : null;
}

const isDayOf = (year: number, day: string): boolean => new Date(dayOf(year, day)).toISOString().slice(5, 10) === day;

/** 02-29 of a year without it is the midnight after 02-28. */
const dayOf = (year: number, day: string): number => Date.UTC(year, Number(day.slice(0, 2)) - 1, Number(day.slice(3)));
