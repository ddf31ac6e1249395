import { isRun, listed } from './listed.ts';
import { MONTHS, WEEKDAYS } from './names.ts';
import { ALL_DAYS, ALL_MONTHS, ALL_WEEKDAYS, bits, type DatePattern, type NthWeekday } from './pattern.ts';

const MONDAY_TO_FRIDAY = bits(1, 5);

/** The days of a pattern in words: `every weekday`, `on the last day of the month in March`, `on the 13th of the month if it is a Friday`. */
export function dayWords({ months, days, daysFromEnd, weekdays, nth }: DatePattern): string {
  const isAnyDate = days === ALL_DAYS;
  const month = monthWords(months);
  const dates = isAnyDate ? null : dateWords(days, daysFromEnd);
  const which = nth === null ? null : nthWords(nth);
  const named = weekdays === ALL_WEEKDAYS ? null : weekdays;
  if (dates === null && which === null) return `${named === null ? 'every day' : everyWeekday(named)}${month}`;
  const first = dates === null ? `on ${which} of the month` : `on ${dates} of the month`;
  const also = [dates === null || which === null ? null : `it is ${which}`, named === null ? null : `it is ${anyWeekday(named)}`];
  const conditions = also.filter((one) => one !== null);
  return `${first}${month}${conditions.length === 0 ? '' : ` if ${conditions.join(' and ')}`}`;
}

const inSet = (set: number, most: number): readonly number[] =>
  Array.from({ length: most + 1 }, (_, at) => at).filter((at) => (set >>> at) & 1);

/** Weeks begin on Monday. */
const namesOf = (set: number): readonly string[] =>
  [...inSet(set, 6)].sort((a, b) => ((a + 6) % 7) - ((b + 6) % 7)).map((day) => WEEKDAYS[day] ?? '');

function everyWeekday(set: number): string {
  return set === MONDAY_TO_FRIDAY ? 'every weekday' : `every ${listed(namesOf(set))}`;
}

const anyWeekday = (set: number): string => (set === MONDAY_TO_FRIDAY ? 'a weekday' : `a ${namesOf(set).join(' or ')}`);

function monthWords(set: number): string {
  if (set === ALL_MONTHS) return '';
  const numbers = inSet(set, 12);
  const names = numbers.map((month) => MONTHS[month - 1] ?? '');
  return isRun(numbers, 3) ? ` from ${names[0]} to ${names.at(-1)}` : ` in ${listed(names)}`;
}

function dateWords(days: number, fromEnd: number): string {
  const dates = inSet(days, 31);
  const plain = isRun(dates, 3)
    ? [`the ${ordinal(dates[0] ?? 1)} to the ${ordinal(dates.at(-1) ?? 1)}`]
    : dates.map((date) => `the ${ordinal(date)}`);
  const late = inSet(fromEnd, 30).map((before) => (before === 0 ? 'the last day' : `the ${ordinal(before + 1)} last day`));
  return listed([...plain, ...late]);
}

const nthWords = (all: readonly NthWeekday[]): string =>
  all.map(({ nth, weekday }) => `the ${nth === -1 ? 'last' : ordinal(nth)} ${WEEKDAYS[weekday]}`).join(' or ');

function ordinal(number: number): string {
  const ending = number % 100 >= 11 && number % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${number}${ending}`;
}
