import type { Span, UsedCalendar } from './wanted.ts';

/** So far ahead Temporal is told moments, and calendars are asked. */
export const HORIZON_MS = 731 * 86_400_000;

/** A start waits no longer than this for a moment that its calendars allow; then it is left out. So far around a span the calendars must be known. */
export const DEFER_MS = 31 * 86_400_000;

/** The span over which calendars must be known to say what starts within a span. */
export const knownAround = ({ from, to }: Span): Span => ({ from: from - DEFER_MS, to: to + DEFER_MS });

/** What the calendars of a schedule say of moments. */
export interface CalendarTimes {
  isBlocked(moment: number): boolean;
  isOutside(moment: number): boolean;
  isDeferred(moment: number): boolean;
  /** The first whole second from this moment on that all of them allow, at most `DEFER_MS` later; null when there is none. */
  nextAllowed(moment: number): number | null;
  /** A moment so early that nothing meant before it waits for this one, and no earlier than needed: all between is closed. */
  waitingSince(moment: number): number;
  /** Until when nothing starts that is meant after this moment, but at most what also waits with a start of this moment; the moment itself when it is allowed. */
  nothingUntil(moment: number): number;
}

/** Each calendar is a condition of its own: outside of every one that blocks or defers, inside of every one that says only. */
export function calendarTimes(calendars: readonly UsedCalendar[]): CalendarTimes {
  const spansOf = (use: UsedCalendar['use']) => calendars.filter((one) => one.use === use).map(({ spans }) => spans);
  const [blocks, onlys, defers] = [spansOf('block'), spansOf('only'), spansOf('defer')];
  const isIn = (moment: number) => (spans: readonly Span[]) => startsBy(spans, moment);
  const opens = firstAllowed([...[...blocks, ...defers].map(afterClosed), ...onlys.map(untilOpen)]);
  const opensButForDefers = firstAllowed([...blocks.map(afterClosed), ...onlys.map(untilOpen)]);
  const isShut = (moment: number) => blocks.some(isIn(moment)) || !onlys.every(isIn(moment));
  return {
    isBlocked: (moment) => blocks.some(isIn(moment)),
    isOutside: (moment) => !onlys.every(isIn(moment)),
    isDeferred: (moment) => defers.some(isIn(moment)),
    nextAllowed: (moment) => {
      const at = opens(moment);
      return at - moment <= DEFER_MS ? at : null;
    },
    waitingSince: (moment) => {
      if (defers.length === 0) return moment;
      let [open, waits] = [moment - DEFER_MS, moment];
      if (opens(open) >= moment) return open;
      while (waits - open > 1000) {
        const middle = Math.floor((open + waits) / 2);
        if (opens(middle) >= moment) waits = middle;
        else open = middle;
      }
      return open;
    },
    nothingUntil: (moment) => {
      if (isShut(moment)) return opensButForDefers(moment);
      const at = opens(moment);
      return at - moment <= DEFER_MS ? at : at - DEFER_MS;
    },
  };
}

/** The first whole second from a moment on that none of these moves any further, infinite when there is none. It remembers the last answer, since the next question is mostly about the same stretch. */
function firstAllowed(moves: readonly ((at: number) => number)[]): (moment: number) => number {
  let known: Span = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY };
  return (moment) => {
    const from = wholeSecond(moment);
    let at = from;
    for (let before = Number.NaN; at !== before; ) {
      before = at;
      if (at >= known.from && at <= known.to) at = known.to;
      else for (const move of moves) at = move(at);
    }
    known = { from, to: at };
    return at;
  };
}

/** The first moment from one on that is outside of the spans. */
const afterClosed = (spans: readonly Span[]) => (at: number) => {
  const span = spanFrom(spans, at);
  return span && span.from <= at ? wholeSecond(span.to) : at;
};

/** The first moment from one on that is inside of the spans; infinite when there is none. */
const untilOpen = (spans: readonly Span[]) => (at: number) => {
  const span = spanFrom(spans, at);
  return span ? Math.max(at, wholeSecond(span.from)) : Number.POSITIVE_INFINITY;
};

const wholeSecond = (moment: number): number => Math.ceil(moment / 1000) * 1000;

const startsBy = (spans: readonly Span[], moment: number): boolean => (spanFrom(spans, moment)?.from ?? Number.POSITIVE_INFINITY) <= moment;

/** The first of the spans, which are in order, that ends after a moment. */
function spanFrom(spans: readonly Span[], moment: number): Span | undefined {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.to ?? 0) > moment) high = middle;
    else low = middle + 1;
  }
  return spans[low];
}
