import type { CalendarRule, FieldWords } from '../schedules/definition.ts';
import { MONTHS, WEEKDAYS } from './names.ts';
import { ALL_DAYS, ALL_MONTHS, ALL_WEEKDAYS, type DatePattern, type NthWeekday } from './pattern.ts';

/** One field of a rule: what it is called, what its numbers are, and names that stand for some of them. */
interface Field {
  readonly title: string;
  readonly from: number;
  readonly to: number;
  readonly names: readonly string[];
  /** The number of the first name, and how many letters of a name say which one it is. */
  readonly firstName: number;
  readonly letters: number;
  /** What else may be written. */
  readonly also?: string;
}

const lower = (names: readonly string[]): readonly string[] => names.map((name) => name.toLowerCase());

const NAMELESS = { names: [], firstName: 0, letters: 0 } as const;
export const FIELDS = {
  minute: { title: 'minute', from: 0, to: 59, ...NAMELESS },
  hour: { title: 'hour', from: 0, to: 23, ...NAMELESS },
  day: { title: 'day of the month', from: 1, to: 31, ...NAMELESS },
  month: { title: 'month', from: 1, to: 12, names: lower(MONTHS), firstName: 1, letters: 3 },
  weekday: { title: 'day of the week', from: 0, to: 7, names: lower(WEEKDAYS), firstName: 0, letters: 2 },
} as const satisfies { readonly [name: string]: Field };

/** The numbers that the words of a field mean, in order, each once; 7 as a day of the week is 0, Sunday. Throws a RangeError that says what is wrong. */
export function readField(field: Field, words: FieldWords): readonly number[] {
  const found = new Set<number>();
  for (const part of partsOf(words)) for (const number of numbersOf(field, part)) found.add(field === FIELDS.weekday ? number % 7 : number);
  return [...found].sort((a, b) => a - b);
}

/** Each once, since some thousand may be written. */
const partsOf = (words: FieldWords): readonly string[] => [
  ...new Set(
    [words].flat().flatMap((word) =>
      String(word)
        .split(',')
        .map((part) => part.trim()),
    ),
  ),
];

function* numbersOf(field: Field, part: string): Generator<number> {
  const [range = '', step, ...moreSteps] = part.split('/');
  if (moreSteps.length > 0) throw new RangeError(`${quoted(part)} has more than one "/"`);
  const size = step === undefined ? 1 : Number(/^\d{1,4}$/.test(step) ? step : 0);
  if (size < 1) throw new RangeError(`${quoted(part)} has no step behind its "/"; write for example */15`);
  const [from, to] = endsOf(field, range, step !== undefined);
  for (let at = from; at <= to; at += size) yield at;
}

/** A single number with a step goes on to the last one. */
function endsOf(field: Field, range: string, hasStep: boolean): readonly [number, number] {
  if (range === '*') return [field.from, field.to];
  const [first = '', last, ...more] = range.split('-');
  if (more.length > 0) throw new RangeError(`${quoted(range)} has more than one "-"`);
  const from = numberOf(field, first);
  const to = last === undefined ? (hasStep ? field.to : from) : numberOf(field, last);
  if (to < from) throw new RangeError(`${quoted(range)} ends before it begins; write it as two ranges with a comma between them`);
  return [from, to];
}

function numberOf(field: Field, word: string): number {
  const name = word.toLowerCase();
  const at = name.length >= field.letters && field.letters > 0 ? field.names.findIndex((one) => one.startsWith(name)) : -1;
  if (at !== -1) return at + field.firstName;
  const number = /^\d{1,4}$/.test(word) ? Number(word) : Number.NaN;
  if (!(number >= field.from && number <= field.to)) {
    const names = field.names.length > 0 ? ` or ${field.names[0]?.slice(0, 3)} to ${field.names.at(-1)?.slice(0, 3)}` : '';
    throw new RangeError(`${quoted(word)} is no ${field.title}; write ${field.from} to ${field.to}${names}${field.also ?? ''}`);
  }
  return number;
}

const quoted = (text: string): string => JSON.stringify(text.slice(0, 40));

const setOf = (numbers: readonly number[]): number => numbers.reduce((set, at) => set | (1 << at), 0);

const minutesOf = (hours: readonly number[], minutes: readonly number[]): readonly number[] =>
  hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute));

/** The pattern of a cron text of five fields that was checked. Throws a RangeError for a field that is none. */
export function cronPattern(text: string): DatePattern {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = (PREDEFINED[text.trim()] ?? text).trim().split(/\s+/);
  return {
    kind: 'dates',
    months: setOf(readField(FIELDS.month, month)),
    days: setOf(readField(FIELDS.day, day)),
    daysFromEnd: 0,
    weekdays: setOf(readField(FIELDS.weekday, weekday)),
    nth: null,
    minutes: minutesOf(readField(FIELDS.hour, hour), readField(FIELDS.minute, minute)),
  };
}

/** Words that stand for all five fields. */
export const PREDEFINED: { readonly [word: string]: string } = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** The pattern of a calendar rule. Throws a RangeError for a field that is none. */
export function calendarPattern(rule: CalendarRule): DatePattern {
  const days = rule.day === undefined ? null : readDays(rule.day);
  return {
    kind: 'dates',
    months: rule.month === undefined ? ALL_MONTHS : setOf(readField(FIELDS.month, rule.month)),
    days: days === null ? ALL_DAYS : setOf(days.days),
    daysFromEnd: days === null ? 0 : setOf(days.fromEnd),
    weekdays: rule.weekday === undefined ? ALL_WEEKDAYS : setOf(readField(FIELDS.weekday, rule.weekday)),
    nth: rule.nth_weekday === undefined ? null : readNthWeekdays(rule.nth_weekday),
    minutes: minutesOf(readField(FIELDS.hour, rule.hour ?? 0), readField(FIELDS.minute, rule.minute ?? 0)),
  };
}

const DAY_OF_CALENDAR: Field = { ...FIELDS.day, also: ', last or last-1' };

/** Days of the month, some of them counted from its end: 0 is the last. Throws a RangeError. */
export function readDays(words: FieldWords): { readonly days: readonly number[]; readonly fromEnd: readonly number[] } {
  const parts = partsOf(words);
  const fromEnd = parts.flatMap((part) => {
    const [, before = '0'] = /^last(?:\s*-\s*(\d{1,2}))?$/i.exec(part) ?? [];
    return /^last/i.test(part) ? [daysBefore(part, before)] : [];
  });
  return {
    days: readField(
      DAY_OF_CALENDAR,
      parts.filter((part) => !/^last/i.test(part)),
    ),
    fromEnd: [...new Set(fromEnd)].sort((a, b) => a - b),
  };
}

function daysBefore(part: string, before: string): number {
  if (!/^last(\s*-\s*\d{1,2})?$/i.test(part) || Number(before) > 30) {
    throw new RangeError(`${quoted(part)} is no day of the month; write last, last-1 and so on to last-30`);
  }
  return Number(before);
}

/** `1st mon`, `last friday`, or several such, each once. Throws a RangeError that says how to write it. */
export function readNthWeekdays(words: string | readonly string[]): readonly NthWeekday[] {
  const found = new Map<string, NthWeekday>();
  for (const part of partsOf(words)) {
    const one = readNthWeekday(part);
    found.set(`${one.nth} ${one.weekday}`, one);
  }
  return [...found.values()];
}

function readNthWeekday(text: string): NthWeekday {
  const [, which = '', day = ''] = /^(1st|2nd|3rd|4th|5th|last)\s+([a-z]+)$/i.exec(text) ?? [];
  if (which === '') throw new RangeError(`${quoted(text)} is no day; write 1st mon, 2nd tue, 3rd wed, 4th thu, 5th fri or last sat`);
  return { nth: which.toLowerCase() === 'last' ? -1 : Number(which[0]), weekday: numberOf(FIELDS.weekday, day) % 7 };
}
