import { dateOf, dayOf, daysInMonth, weekdayOf } from './civil.ts';

/** The nth of a weekday in its month, counted from 1, or from its end: -1 is the last. */
export interface NthWeekday {
  readonly nth: number;
  readonly weekday: number;
}

/** Days of which month, day and weekday agree with every field; a set is a number whose bit n is on for n. */
export interface DatePattern {
  readonly kind: 'dates';
  readonly months: number;
  readonly days: number;
  /** Bit 0 is the last day of the month, bit 1 the one before. */
  readonly daysFromEnd: number;
  readonly weekdays: number;
  /** Null: whichever in the month it is. */
  readonly nth: readonly NthWeekday[] | null;
  /** Minutes of the day, in order. */
  readonly minutes: readonly number[];
}

/** Every so many days from a first one on. */
export interface EveryDaysPattern {
  readonly kind: 'every_days';
  readonly every: number;
  readonly from: number;
  readonly minutes: readonly number[];
}

/** Days, and the minutes of each at which something starts. */
export type Pattern = DatePattern | EveryDaysPattern;

/** Bits for everything from one number to another. */
export const bits = (from: number, to: number): number => {
  let set = 0;
  for (let at = from; at <= to; at++) set |= 1 << at;
  return set;
};

export const ALL_MONTHS = bits(1, 12);
/** Bit 31 makes the number negative, which changes nothing. */
export const ALL_DAYS = bits(1, 31);
export const ALL_WEEKDAYS = bits(0, 6);

/** A day on which something starts, with the minutes of that day, in order. */
export interface PatternDay {
  readonly day: number;
  readonly minutes: readonly number[];
}

/** The days from one to another (not included) on which any of the patterns starts something, in order. */
export function* patternDays(patterns: readonly Pattern[], from: number, to: number): Generator<PatternDay> {
  const minutesOf = unions(patterns);
  let { year, month, day: date } = dateOf(from);
  let length = daysInMonth(year, month);
  for (let day = from; day < to; day++) {
    if (date > length) {
      date = 1;
      month = month === 12 ? 1 : month + 1;
      if (month === 1) year += 1;
      length = daysInMonth(year, month);
    }
    let agreeing = 0;
    for (const [at, pattern] of patterns.entries()) if (agrees(pattern, day, month, date, length)) agreeing |= 1 << at;
    if (agreeing !== 0) yield { day, minutes: minutesOf(agreeing) };
    date += 1;
  }
}

function agrees(pattern: Pattern, day: number, month: number, date: number, length: number): boolean {
  if (pattern.kind === 'every_days') return day >= pattern.from && (day - pattern.from) % pattern.every === 0;
  if (((pattern.months >>> month) & 1) === 0) return false;
  if (((pattern.days >>> date) & 1) === 0 && ((pattern.daysFromEnd >>> (length - date)) & 1) === 0) return false;
  const weekday = weekdayOf(day);
  if (((pattern.weekdays >>> weekday) & 1) === 0) return false;
  return pattern.nth === null || pattern.nth.some((one) => one.weekday === weekday && isNth(one.nth, date, length));
}

const isNth = (nth: number, date: number, length: number): boolean =>
  nth > 0 ? Math.ceil(date / 7) === nth : Math.ceil((length - date + 1) / 7) === -nth;

/** The minutes of each set of patterns, made once. */
function unions(patterns: readonly Pattern[]): (agreeing: number) => readonly number[] {
  const known = new Map<number, readonly number[]>();
  return (agreeing) => {
    const found = known.get(agreeing);
    if (found) return found;
    const parts = patterns.filter((_, at) => (agreeing >>> at) & 1).map(({ minutes }) => minutes);
    const [first = [], ...more] = parts;
    const all = more.length === 0 ? first : merged(parts);
    known.set(agreeing, all);
    return all;
  };
}

function merged(parts: readonly (readonly number[])[]): readonly number[] {
  const isOn = new Uint8Array(1440);
  for (const minutes of parts) for (const minute of minutes) isOn[minute] = 1;
  return Array.from(isOn.keys()).filter((minute) => isOn[minute]);
}

/** Of all years that there are: each begins on one of seven weekdays and is a leap year or not, and these have every kind of them. */
const EVERY_KIND_OF_YEAR = { from: dayOf(2001, 1, 1), to: dayOf(2029, 1, 1) } as const;

/** Whether there is any day, in whichever year, on which a pattern starts something. */
export const hasDays = (pattern: Pattern): boolean =>
  pattern.minutes.length > 0 &&
  (pattern.kind === 'every_days' || !patternDays([pattern], EVERY_KIND_OF_YEAR.from, EVERY_KIND_OF_YEAR.to).next().done);

/** The least time on the wall between two starts in milliseconds, in whichever year; infinite when there is at most one. */
export function leastSpacing(patterns: readonly Pattern[]): number {
  const begin = Math.max(EVERY_KIND_OF_YEAR.from, ...patterns.map((one) => (one.kind === 'every_days' ? one.from : 0)));
  const within = new Map<readonly number[], number>();
  let least = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { day, minutes } of patternDays(patterns, begin, begin + 28 * 366)) {
    const inside = within.get(minutes) ?? Math.min(...minutes.slice(1).map((minute, at) => minute - (minutes[at] as number)));
    within.set(minutes, inside);
    least = Math.min(least, inside, day * 1440 + (minutes[0] ?? 0) - last);
    last = day * 1440 + (minutes.at(-1) ?? 0);
  }
  return least * 60_000;
}
