import type { Span, UsedCalendar } from './wanted.ts';

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
}

/** Each calendar is a condition of its own: outside of every one that blocks or defers, inside of every one that says only. */
export function calendarTimes(calendars: readonly UsedCalendar[]): CalendarTimes {
  const spansOf = (use: UsedCalendar['use']) => calendars.filter((one) => one.use === use).map(({ spans }) => spans);
  const [blocks, onlys, defers] = [spansOf('block'), spansOf('only'), spansOf('defer')];
  const isIn = (moment: number) => (spans: readonly Span[]) => startsBy(spans, moment);
  const further = [...[...blocks, ...defers].map(afterClosed), ...onlys.map(untilOpen)];
  return {
    isBlocked: (moment) => blocks.some(isIn(moment)),
    isOutside: (moment) => !onlys.every(isIn(moment)),
    isDeferred: (moment) => defers.some(isIn(moment)),
    nextAllowed: (moment) => {
      let at = wholeSecond(moment);
      for (let before = -1; at !== before && at - moment <= DEFER_MS; ) {
        before = at;
        for (const move of further) at = move(at);
      }
      return at - moment <= DEFER_MS ? at : null;
    },
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
