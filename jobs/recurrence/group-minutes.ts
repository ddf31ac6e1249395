import { dateOf, daysInMonth } from './civil.ts';
import type { MinuteMap } from './minute-map.ts';
import { bits } from './pattern.ts';
import type { UtcCalendar, UtcRange } from './wanted.ts';

/** Hours of a day that have the same minutes, each a set of bits. */
interface Rectangle {
  readonly hours: number;
  /** Minutes 0 to 29 and 30 to 59. */
  readonly early: number;
  readonly late: number;
}

/**
 * Calendars that hold exactly the minutes that are on, at these seconds of them. Hours of a day with equal minutes are a rectangle, days of a month with the
 * same rectangle share a calendar, and so do months of a year with equal days, and years with equal months.
 */
export function groupMinutes(map: MinuteMap, second: readonly UtcRange[], days: number = map.minutes.length / 1440): UtcCalendar[] {
  const rectangles = new Map<string, { readonly shape: Rectangle; readonly months: Map<number, number> }>();
  const shapes = rectanglesOf(map);
  let { year, month, day } = dateOf(map.firstDay);
  let length = daysInMonth(year, month);
  for (let at = 0; at < days; at++, day++) {
    if (day > length) {
      day = 1;
      month = month === 12 ? 1 : month + 1;
      if (month === 1) year += 1;
      length = daysInMonth(year, month);
    }
    for (const [key, shape] of shapes(at)) {
      const entry = rectangles.get(key) ?? { shape, months: new Map<number, number>() };
      if (entry.months.size === 0) rectangles.set(key, entry);
      const place = year * 12 + month - 1;
      entry.months.set(place, (entry.months.get(place) ?? 0) | (1 << day));
    }
  }
  return [...rectangles.values()].flatMap(({ shape, months }) => calendarsOf(shape, months, second));
}

/** The rectangles of each day of a map, with a key; days that are alike share them. */
function rectanglesOf({ minutes }: MinuteMap): (day: number) => readonly (readonly [string, Rectangle])[] {
  const known = new Map<string, readonly (readonly [string, Rectangle])[]>();
  return (day) => {
    const hours: string[] = [];
    let previous: readonly [number, number, string] = [0, 0, ''];
    let isEmpty = true;
    for (let hour = 0; hour < 24; hour++) {
      const [early, late] = minutesOf(minutes, day * 1440 + hour * 60);
      if (early !== previous[0] || late !== previous[1]) previous = [early, late, early === 0 && late === 0 ? '' : `${early}.${late}`];
      hours.push(previous[2]);
      isEmpty &&= previous[2] === '';
    }
    if (isEmpty) return [];
    const key = hours.join();
    const found = known.get(key) ?? shapesOf(hours);
    known.set(key, found);
    return found;
  };
}

function minutesOf(minutes: Uint8Array, start: number): readonly [number, number] {
  let [early, late] = [0, 0];
  for (let at = 0; at < 30; at++) early |= (minutes[start + at] as number) << at;
  for (let at = 0; at < 30; at++) late |= (minutes[start + 30 + at] as number) << at;
  return [early, late];
}

function shapesOf(hours: readonly string[]): readonly (readonly [string, Rectangle])[] {
  const sets = new Map<string, number>();
  for (const [hour, key] of hours.entries()) if (key !== '') sets.set(key, (sets.get(key) ?? 0) | (1 << hour));
  return [...sets].map(([key, set]) => {
    const [early = 0, late = 0] = key.split('.').map(Number);
    return [`${set}/${key}`, { hours: set, early, late }] as const;
  });
}

function calendarsOf(shape: Rectangle, months: ReadonlyMap<number, number>, second: readonly UtcRange[]): readonly UtcCalendar[] {
  const hour = rangesOf(numbersIn(shape.hours, 23));
  const minute = rangesOf([...numbersIn(shape.early, 29), ...numbersIn(shape.late, 29).map((at) => at + 30)]);
  const ofYears = new Map<number, Map<number, number>>();
  for (const [place, set] of months) {
    const [year, month] = [Math.floor(place / 12), (place % 12) + 1];
    // Days that a month does not have are nobody's.
    const days = set === bits(1, daysInMonth(year, month)) ? bits(1, 31) : set;
    const ofYear = ofYears.get(year) ?? new Map<number, number>();
    ofYears.set(year, ofYear.set(days, (ofYear.get(days) ?? 0) | (1 << month)));
  }
  const together = new Map<string, { readonly days: number; readonly months: number; readonly years: number[] }>();
  for (const [year, ofYear] of ofYears) {
    for (const [days, set] of ofYear) {
      const key = `${days}/${set}`;
      const known = together.get(key) ?? { days, months: set, years: [] };
      known.years.push(year);
      together.set(key, known);
    }
  }
  return [...together.values()].map((one) => ({
    year: rangesOf(one.years),
    month: rangesOf(numbersIn(one.months, 12)),
    dayOfMonth: rangesOf(numbersIn(one.days, 31)),
    hour,
    minute,
    second,
  }));
}

function numbersIn(set: number, most: number): readonly number[] {
  const found: number[] = [];
  for (let at = 0; at <= most; at++) if ((set >>> at) & 1) found.push(at);
  return found;
}

/** Numbers, which are in order, as ranges: one with a step where their distances are equal, else one for each row of neighbours. */
export function rangesOf(numbers: readonly number[]): readonly UtcRange[] {
  const [first = 0, second = first + 1] = numbers;
  const last = numbers.at(-1) ?? first;
  const step = second - first;
  if (numbers.every((number, at) => number === first + at * step)) return [{ start: first, end: last, step }];
  const ranges: { start: number; end: number; step: number }[] = [];
  for (const number of numbers) {
    const current = ranges.at(-1);
    if (current && number === current.end + 1) current.end = number;
    else ranges.push({ start: number, end: number, step: 1 });
  }
  return ranges;
}
