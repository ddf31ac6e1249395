import type { RecurrenceRule } from './recurrence-rule.ts';

const DAY_MS = 86_400_000;

/** Whether a day (midnight on the wall) is one of a rule's, apart from its interval. */
export type IsDay = (day: number) => boolean;

/** What a rule says of days, as one question. */
export function dayTest(rule: RecurrenceRule): IsDay {
  const { frequency, months, weekNumbers, yearDays, monthDays, days, weekStart } = rule;
  const nthOf = frequency === 'MONTHLY' || (frequency === 'YEARLY' && months.length > 0) ? 'month' : frequency === 'YEARLY' ? 'year' : null;
  return (day) => {
    const at = new Date(day);
    const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
    if (months.length > 0 && !months.includes(month + 1)) return false;
    if (monthDays.length > 0 && !isNth(monthDays, day, Date.UTC(year, month, 1), Date.UTC(year, month + 1, 1))) return false;
    if (yearDays.length > 0 && !isNth(yearDays, day, Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1))) return false;
    if (weekNumbers.length > 0 && !isInWeek(weekNumbers, day, weekStart)) return false;
    if (days.length === 0) return true;
    const weekday = at.getUTCDay() || 7;
    const [first, next] =
      nthOf === 'month' ? [Date.UTC(year, month, 1), Date.UTC(year, month + 1, 1)] : [Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1)];
    const nth = [Math.floor((day - first) / (7 * DAY_MS)) + 1, -Math.floor((next - DAY_MS - day) / (7 * DAY_MS)) - 1];
    return days.some((one) => one.weekday === weekday && (one.nth === 0 || nthOf === null || nth.includes(one.nth)));
  };
}

/** Whether a day is one of these, counted from the first of a stretch of days, or from its end when negative. */
const isNth = (list: readonly number[], day: number, first: number, next: number): boolean =>
  list.includes((day - first) / DAY_MS + 1) || list.includes((day - next) / DAY_MS);

/** Week 1 of a year is the first that has four days of it. */
function isInWeek(list: readonly number[], day: number, weekStart: number): boolean {
  const year = new Date(weekOf(day, weekStart) + 3 * DAY_MS).getUTCFullYear();
  const [first, next] = [year, year + 1].map((one) => weekOf(Date.UTC(one, 0, 4), weekStart)) as [number, number];
  const number = Math.floor((day - first) / (7 * DAY_MS)) + 1;
  const weeks = (next - first) / (7 * DAY_MS);
  return list.includes(number) || list.includes(number - weeks - 1);
}

/** The first day of the week that a day is in. */
const weekOf = (day: number, weekStart: number): number => day - ((((new Date(day).getUTCDay() - weekStart) % 7) + 7) % 7) * DAY_MS;

const dayOf = (wall: number): number => Math.floor(wall / DAY_MS) * DAY_MS;

/** The days of a rule in each of its periods that touch [begin, end): of a year, a month, a week, or each by itself. */
export function* daysOf(
  rule: RecurrenceRule,
  start: number,
  begin: number,
  end: number,
  isOne: IsDay,
  tick: () => void,
): Generator<Iterable<number>> {
  for (let period = firstPeriod(rule, dayOf(start), dayOf(begin)); ; period += 1) {
    const [from, to] = periodOf(rule, dayOf(start), period);
    if (!(from < end)) return;
    tick();
    // Which is the last of a period shows only once it is whole.
    yield matching(from, rule.positions.length > 0 ? to : Math.min(to, end), isOne, tick);
  }
}

function* matching(from: number, to: number, isOne: IsDay, tick: () => void): Generator<number> {
  for (let day = from; day < to; day += DAY_MS) {
    tick();
    if (isOne(day)) yield day;
  }
}

const monthOf = (day: number): number => new Date(day).getUTCFullYear() * 12 + new Date(day).getUTCMonth();

const firstOf = (month: number): number => Date.UTC(Math.floor(month / 12), month % 12, 1);

/** From which day to which a period lasts, counted from that of the start. */
function periodOf({ frequency, interval, weekStart }: RecurrenceRule, start: number, period: number): readonly [from: number, to: number] {
  switch (frequency) {
    case 'YEARLY': {
      const year = new Date(start).getUTCFullYear() + period * interval;
      return [Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1)];
    }
    case 'MONTHLY': {
      const month = monthOf(start) + period * interval;
      return [firstOf(month), firstOf(month + 1)];
    }
    case 'WEEKLY': {
      const week = weekOf(start, weekStart) + period * interval * 7 * DAY_MS;
      return [week, week + 7 * DAY_MS];
    }
    case 'DAILY':
      return [start + period * interval * DAY_MS, start + (period * interval + 1) * DAY_MS];
    default:
      return [start + period * DAY_MS, start + (period + 1) * DAY_MS];
  }
}

/** The last period that begins no later than a day. */
function firstPeriod({ frequency, interval, weekStart }: RecurrenceRule, start: number, begin: number): number {
  const passed = {
    YEARLY: () => new Date(begin).getUTCFullYear() - new Date(start).getUTCFullYear(),
    MONTHLY: () => monthOf(begin) - monthOf(start),
    WEEKLY: () => (weekOf(begin, weekStart) - weekOf(start, weekStart)) / (7 * DAY_MS),
    DAILY: () => (begin - start) / DAY_MS,
  };
  const isSubDaily = !Object.hasOwn(passed, frequency);
  const units = isSubDaily ? passed.DAILY() : passed[frequency as keyof typeof passed]();
  return Math.max(0, Math.floor(units / (isSubDaily ? 1 : interval)));
}
