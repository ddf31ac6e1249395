import type { SpanView } from './views.ts';

const DAY_MS = 86_400_000;

/** How much of a day a calendar takes, and from when to when on its clocks, stretch by stretch. */
export interface DayMark {
  readonly whole: boolean;
  readonly times: readonly string[];
}

const dayOf = (wall: string): string => wall.slice(0, 10);
const clockOf = (wall: string): string => wall.slice(11, 16);
const nextDay = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);

/** A span day by day, from when to when it takes each. */
function* daysOf({ local_from, local_to }: SpanView, begins: string, ends: string): Generator<readonly [string, string, string]> {
  const [first, last] = [dayOf(local_from), dayOf(local_to)];
  for (let day = first < begins ? begins : first; day <= last && day < ends; day = nextDay(day)) {
    const from = day === first ? clockOf(local_from) : '00:00';
    const to = day === last ? clockOf(local_to) : '24:00';
    if (from !== to && to !== '00:00') yield [day, from, to];
  }
}

/** The days of a year that a calendar takes any time of, by what its clocks show. */
export const markedDays = (spans: readonly SpanView[], year: number): ReadonlyMap<string, DayMark> => {
  const marks = new Map<string, DayMark>();
  for (const [day, from, to] of spans.flatMap((span) => [...daysOf(span, `${year}-01-01`, `${year + 1}-01-01`)])) {
    const before = marks.get(day) ?? { whole: false, times: [] };
    marks.set(day, { whole: before.whole || (from === '00:00' && to === '24:00'), times: [...before.times, `${from}–${to}`] });
  }
  return marks;
};

/** The days of a month in rows of weeks that begin on Monday; null where a week holds days of another month. */
export const weeksOf = (year: number, month: number): readonly (readonly (string | null)[])[] => {
  const first = Date.UTC(year, month, 1);
  const before = (new Date(first).getUTCDay() + 6) % 7;
  const days = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Array.from({ length: Math.ceil((before + days) / 7) }, (_, week) =>
    Array.from({ length: 7 }, (_day, at) => {
      const day = week * 7 + at - before;
      return day < 0 || day >= days ? null : new Date(first + day * DAY_MS).toISOString().slice(0, 10);
    }),
  );
};
