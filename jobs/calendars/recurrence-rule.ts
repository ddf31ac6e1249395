import { daysOf, dayTest } from './rule-days.ts';

export const FREQUENCIES = ['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY', 'SECONDLY'] as const;
export type Frequency = (typeof FREQUENCIES)[number];

/** A day of the week (Monday is 1, Sunday 7); `nth` of the month or year, from its end when negative; 0: each. */
export interface RuleDay {
  readonly nth: number;
  readonly weekday: number;
}

/** A recurrence rule as RFC 5545 has it. Walls are epoch milliseconds as if their clocks were those of UTC. An empty list says nothing. */
export interface RecurrenceRule {
  readonly frequency: Frequency;
  readonly interval: number;
  readonly count: number | null;
  /** The last wall that may be one of its; null: it goes on. */
  readonly until: number | null;
  /** The day that weeks begin with. */
  readonly weekStart: number;
  readonly months: readonly number[];
  readonly weekNumbers: readonly number[];
  readonly yearDays: readonly number[];
  readonly monthDays: readonly number[];
  readonly days: readonly RuleDay[];
  readonly hours: readonly number[];
  readonly minutes: readonly number[];
  readonly seconds: readonly number[];
  readonly positions: readonly number[];
}

const DAY_MS = 86_400_000;
const UNIT_MS = { HOURLY: 3_600_000, MINUTELY: 60_000, SECONDLY: 1_000 } as const;

/** Of so many candidates those at certain positions can be told. */
const MOST_POSITIONED = 100_000;

/**
 * The walls of a rule from its start on, in order, that are within [from, to); what is before `from` is passed over at no cost unless the rule
 * counts. `tick` is called for every day and wall looked at and may throw. Throws a RangeError for rules whose positions cannot be told.
 */
export function* wallsOf(rule: RecurrenceRule, start: number, from: number, to: number, tick: () => void): Generator<number> {
  const end = Math.min(to, rule.until === null ? Number.POSITIVE_INFINITY : rule.until + 1);
  const begin = rule.count === null ? Math.max(start, from) : start;
  let left = rule.count ?? Number.POSITIVE_INFINITY;
  for (const wall of chosenOf(withDefaults(rule, start), start, begin, end, tick)) {
    tick();
    if (wall < start || (rule.count === null && wall < from)) continue;
    if (wall >= end || left <= 0) return;
    left -= 1;
    if (wall >= from) yield wall;
  }
}

/** What a rule does not say is as it is at its start. */
function withDefaults(rule: RecurrenceRule, start: number): RecurrenceRule {
  const at = new Date(start);
  const place = FREQUENCIES.indexOf(rule.frequency);
  const time = (list: readonly number[], unit: Frequency, own: number) =>
    list.length > 0 || place >= FREQUENCIES.indexOf(unit) ? list : [own];
  const sorted = (list: readonly number[]) => [...new Set(list)].sort((a, b) => a - b);
  return {
    ...rule,
    ...defaultDays(rule, at),
    hours: sorted(time(rule.hours, 'HOURLY', at.getUTCHours())),
    minutes: sorted(time(rule.minutes, 'MINUTELY', at.getUTCMinutes())),
    seconds: sorted(time(rule.seconds, 'SECONDLY', at.getUTCSeconds())),
  };
}

function defaultDays(rule: RecurrenceRule, at: Date): Partial<RecurrenceRule> {
  const { frequency, months, weekNumbers, yearDays, monthDays, days } = rule;
  const saysDay = yearDays.length + monthDays.length + days.length > 0;
  const weekday = { nth: 0, weekday: at.getUTCDay() || 7 };
  if (saysDay) return {};
  if (frequency === 'WEEKLY' || (frequency === 'YEARLY' && weekNumbers.length > 0)) return { days: [weekday] };
  if (frequency === 'MONTHLY') return { monthDays: [at.getUTCDate()] };
  if (frequency !== 'YEARLY') return {};
  return { monthDays: [at.getUTCDate()], months: months.length > 0 ? months : [at.getUTCMonth() + 1] };
}

/** The walls of the periods that touch [begin, end), a few before that included. */
function* chosenOf(rule: RecurrenceRule, start: number, begin: number, end: number, tick: () => void): Generator<number> {
  const isDay = dayTest(rule);
  for (const days of daysOf(rule, start, begin, end, isDay, tick)) {
    const walls = isSubDaily(rule) ? withinDays(rule, days, start, tick) : timesOf(rule, days);
    if (rule.positions.length === 0 || isSubDaily(rule)) yield* walls;
    else yield* atPositions(rule, takeAll(walls));
  }
}

type SubDaily = RecurrenceRule & { readonly frequency: keyof typeof UNIT_MS };
const isSubDaily = (rule: RecurrenceRule): rule is SubDaily => Object.hasOwn(UNIT_MS, rule.frequency);

type Times = Pick<RecurrenceRule, 'hours' | 'minutes' | 'seconds'>;

function* timesOf({ hours, minutes, seconds }: Times, days: Iterable<number>): Generator<number> {
  for (const day of days) {
    for (const hour of hours)
      for (const minute of minutes) for (const second of seconds) yield day + ((hour * 60 + minute) * 60 + second) * 1_000;
  }
}

const ALL = { hours: range(24), minutes: range(60), seconds: range(60) };

function range(length: number): readonly number[] {
  return Array.from({ length }, (_, at) => at);
}

/** Walls of rules that go by hours, minutes or seconds: every so many of them since the start. */
function* withinDays(rule: SubDaily, days: Iterable<number>, start: number, tick: () => void): Generator<number> {
  const unit = UNIT_MS[rule.frequency];
  const step = unit * rule.interval;
  const origin = Math.floor(start / unit) * unit;
  const isDue = (wall: number) => (Math.floor(wall / unit) * unit - origin) % step === 0;
  for (const day of days) {
    // Of a long interval most days have none.
    if (Math.ceil((day - origin) / step) * step + origin >= day + DAY_MS) continue;
    for (const walls of units(rule, day)) {
      tick();
      const first = walls.next();
      if (first.done || !isDue(first.value)) continue;
      yield* atPositions(rule, [first.value, ...walls]);
    }
  }
}

/** The walls of a day that a rule allows, those of each of its units together. */
function* units(rule: SubDaily, day: number): Generator<Generator<number>> {
  const { frequency } = rule;
  const or = (list: readonly number[], all: readonly number[]) => (list.length > 0 ? list : all);
  for (const hour of or(rule.hours, ALL.hours)) {
    if (frequency === 'HOURLY') {
      yield timesOf({ ...rule, hours: [hour] }, [day]);
      continue;
    }
    for (const minute of or(rule.minutes, ALL.minutes)) {
      const seconds = or(rule.seconds, ALL.seconds);
      if (frequency === 'MINUTELY') yield timesOf({ ...rule, hours: [hour], minutes: [minute] }, [day]);
      else for (const second of seconds) yield timesOf({ hours: [hour], minutes: [minute], seconds: [second] }, [day]);
    }
  }
}

function takeAll(walls: Iterable<number>): readonly number[] {
  const all: number[] = [];
  for (const wall of walls) {
    if (all.length >= MOST_POSITIONED) throw new RangeError(`BYSETPOS chooses among more than ${MOST_POSITIONED} times`);
    all.push(wall);
  }
  return all;
}

function atPositions({ positions }: RecurrenceRule, walls: readonly number[]): readonly number[] {
  if (positions.length === 0) return walls;
  const chosen = positions.flatMap((position) => walls.at(position > 0 ? position - 1 : position) ?? []);
  return [...new Set(chosen)].sort((a, b) => a - b);
}
