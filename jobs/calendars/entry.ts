/** Days from the first to the last of them, as `YYYY-MM-DD`. */
interface DatesEntry {
  readonly kind: 'dates';
  readonly first: string;
  readonly last: string;
}

/** Days of every year from the first to the last of them, as `MM-DD`; a last one before the first is next year's. */
interface YearlyEntry {
  readonly kind: 'yearly';
  readonly first: string;
  readonly last: string;
}

/** Hours of days of the week; Monday is 1, Sunday 7. Minutes count from the day's midnight; past 1440 they are the next day's. */
interface WeeklyEntry {
  readonly kind: 'weekly';
  readonly weekdays: readonly number[];
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** What an entry of a calendar says. */
export type Entry = DatesEntry | YearlyEntry | WeeklyEntry;

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const EVERY_DAY: readonly number[] = [1, 2, 3, 4, 5, 6, 7];
const MINUTES_OF_DAY = 1_440;

const HOW =
  'write 2026-12-25, 2026-12-24..2027-01-02, 12-25 (every year), sat-sun, mon-fri 22:00-06:00, fri 18:00-mon 06:00 or 22:00-06:00 (every day)';

/** How the times of calendars are written. */
export const ENTRY_WORDS = `a time of a calendar; ${HOW}`;

/** What the text of an entry says. Throws a RangeError that says how to write it. */
export function readEntry(text: string): Entry {
  const trimmed = text.trim().toLowerCase();
  const [first = '', last = first, ...more] = trimmed.split('..').map((part) => part.trim());
  if (more.length === 0 && /^\d{4}-/.test(first)) return datesOf(text, first, last);
  if (more.length === 0 && /^\d{2}-\d/.test(first)) return yearlyOf(text, first, last);
  return readWeekly(trimmed, text);
}

function readWeekly(text: string, shown: string): WeeklyEntry {
  const across = /^([a-z]+)\s+(\d{1,2}:\d{2})\s*-\s*([a-z]+)\s+(\d{1,2}:\d{2})$/.exec(text);
  if (across) return acrossDays(across.slice(1) as [string, string, string, string], shown);
  const found = /^([a-z][a-z,\s-]*?)?(?:(?:^|\s+)(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2}))?$/.exec(text);
  if (!found || text === '') throw new RangeError(`${quoted(shown)} is not ${ENTRY_WORDS}`);
  const [, days, from, to] = found;
  const weekdays = days === undefined ? EVERY_DAY : weekdaysOf(days, shown);
  if (from === undefined || to === undefined) return { kind: 'weekly', weekdays, fromMinute: 0, toMinute: MINUTES_OF_DAY };
  const fromMinute = minuteOf(from, shown);
  const toMinute = minuteOf(to, shown);
  if (fromMinute === toMinute) throw new RangeError(`${quoted(shown)} begins when it ends; for whole days write only the days`);
  return { kind: 'weekly', weekdays, fromMinute, toMinute: toMinute > fromMinute ? toMinute : toMinute + MINUTES_OF_DAY };
}

/** From a time on one day of the week to a time on the next such day. */
function acrossDays([firstDay, from, lastDay, to]: readonly [string, string, string, string], shown: string): WeeklyEntry {
  const [[first = 1], [last = 1]] = [weekdaysOf(firstDay, shown), weekdaysOf(lastDay, shown)];
  const [fromMinute, minute] = [minuteOf(from, shown), minuteOf(to, shown)];
  const toMinute = ((last - first + 7) % 7) * MINUTES_OF_DAY + minute;
  return { kind: 'weekly', weekdays: [first], fromMinute, toMinute: toMinute > fromMinute ? toMinute : toMinute + 7 * MINUTES_OF_DAY };
}

function datesOf(text: string, first: string, last: string): DatesEntry {
  for (const day of [first, last]) {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || !isDay(day)) throw new RangeError(`${quoted(text)}: ${quoted(day)} is no date; ${HOW}`);
  }
  if (last < first) throw new RangeError(`${quoted(text)} ends before it begins`);
  return { kind: 'dates', first, last };
}

function yearlyOf(text: string, first: string, last: string): YearlyEntry {
  for (const day of [first, last]) {
    // 2028 is a leap year: 02-29 is a day of some years.
    if (!/^\d{2}-\d{2}$/.test(day) || !isDay(`2028-${day}`))
      throw new RangeError(`${quoted(text)}: ${quoted(day)} is no day of the year; ${HOW}`);
  }
  return { kind: 'yearly', first, last };
}

const isDay = (day: string): boolean => {
  const at = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
};

function weekdaysOf(text: string, shown: string): readonly number[] {
  const days = text.split(',').flatMap((range) => {
    const [first = '', last = first, ...more] = range.trim().split(/\s*-\s*/);
    const [from, to] = [weekdayOf(first), weekdayOf(last)];
    if (from === null || to === null || more.length > 0) {
      throw new RangeError(
        `${quoted(shown)}: ${quoted(range.trim())} is no day of the week; write ${WEEKDAYS.join(', ')} or a range such as mon-fri`,
      );
    }
    const length = ((to - from + 7) % 7) + 1;
    return Array.from({ length }, (_, at) => ((from - 1 + at) % 7) + 1);
  });
  return [...new Set(days)].sort((a, b) => a - b);
}

function weekdayOf(word: string): number | null {
  const at = WEEKDAYS.findIndex((day) => day === word || (word.length > 3 && LONG_NAMES[day] === word));
  return at === -1 ? null : at + 1;
}

const LONG_NAMES: { readonly [day in (typeof WEEKDAYS)[number]]: string } = {
  mon: 'monday',
  tue: 'tuesday',
  wed: 'wednesday',
  thu: 'thursday',
  fri: 'friday',
  sat: 'saturday',
  sun: 'sunday',
};

function minuteOf(time: string, shown: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  if (minute > 59 || hour * 60 + minute > MINUTES_OF_DAY)
    throw new RangeError(`${quoted(shown)}: ${time} is no time of day; write 00:00 to 24:00`);
  return hour * 60 + minute;
}

const quoted = (text: string): string => JSON.stringify(text.slice(0, 80));
