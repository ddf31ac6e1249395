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

/** Whether any of the calendars holds a moment (seconds since 1970), as Temporal asks of those that it skips. */
export function holds(calendars: readonly UtcCalendar[]): (moment: number) => boolean {
  const sets = calendars.map((one) => FIELDS.map((field) => new Set(numbers(one[field]))));
  return (moment) => {
    const date = new Date(moment * 1000);
    const parts = [
      date.getUTCFullYear(),
      date.getUTCMonth() + 1,
      date.getUTCDate(),
      date.getUTCHours(),
      date.getUTCMinutes(),
      date.getUTCSeconds(),
    ];
    return sets.some((fields) => fields.every((set, at) => set.has(parts[at] as number)));
  };
}

const FIELDS = ['year', 'month', 'dayOfMonth', 'hour', 'minute', 'second'] as const;

/** What of two lists of moments, each in order, is only in one of them: the first few, and how many. */
export function differences(ours: readonly number[], theirs: readonly number[]) {
  const [our, their] = [new Set(ours), new Set(theirs)];
  const extra = ours.filter((at) => !their.has(at));
  const missing = theirs.filter((at) => !our.has(at));
  const shown = (all: readonly number[]) => all.slice(0, 5).map((at) => new Date(at * 1000).toISOString());
  return { extra: shown(extra), missing: shown(missing), count: extra.length + missing.length, repeated: ours.length - our.size };
}

export const SAME = { extra: [], missing: [], count: 0, repeated: 0 };
