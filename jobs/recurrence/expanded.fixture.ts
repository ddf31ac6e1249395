import { dateOf, dayOf } from './civil.ts';
import type { UtcCalendar, UtcRange } from './wanted.ts';

/** All moments (seconds since 1970) that calendars hold, in order, each once, read as Temporal reads them. */
export function expanded(calendars: readonly UtcCalendar[]): readonly number[] {
  const found = calendars.flatMap((calendar) => {
    const times = numbers(calendar.hour).flatMap((hour) => numbers(calendar.minute).map((minute) => (hour * 60 + minute) * 60));
    const seconds = numbers(calendar.second);
    return daysOf(calendar).flatMap((day) => times.flatMap((time) => seconds.map((second) => day * 86_400 + time + second)));
  });
  return [...new Set(found)].sort((a, b) => a - b);
}

/** Months without such a day have none. */
const daysOf = ({ year, month, dayOfMonth }: UtcCalendar): readonly number[] =>
  numbers(year).flatMap((y) =>
    numbers(month).flatMap((m) =>
      numbers(dayOfMonth)
        .map((d) => [dayOf(y, m, d), d] as const)
        .filter(([day, d]) => dateOf(day).day === d)
        .map(([day]) => day),
    ),
  );

const numbers = (ranges: readonly UtcRange[]): readonly number[] =>
  ranges.flatMap(({ start, end, step }) => Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, at) => start + at * step));
