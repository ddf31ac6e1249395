import type ICAL from 'ical.js';
import { FREQUENCIES, type RecurrenceRule, type RuleDay, wallsOf } from '#jobs/calendars/recurrence-rule.ts';
import type { Span } from '#jobs/recurrence/wanted.ts';
import { IcalProblem } from './components.ts';

/** What the expansion of one text may cost; taken from as it goes on. */
export interface Budget {
  /** Days and times that may still be looked at. */
  looks: number;
  /** `performance.now()` by which it must have ended. */
  readonly deadline: number;
}

/** Looks between two at the clock. */
const LOOK_EVERY = 4_096;

/**
 * The times of a rule within a span, by the wall: epoch milliseconds as if its clocks were those of UTC, as `start` and `until` are. The library
 * reads the rule and the product works it out: the library's own iterators do not end for rules that never come true, and call 29 February of
 * other years 1 March. Throws IcalProblem when it costs more than the budget has.
 */
export function* recurrences(rule: ICAL.Recur, start: number, until: number | null, span: Span, budget: Budget): Generator<number> {
  try {
    yield* wallsOf(ruleOf(rule, until), start, span.from, span.to, () => spend(budget));
  } catch (error) {
    if (error instanceof RangeError) throw new IcalProblem(null, error.message);
    throw error;
  }
}

function spend(budget: Budget): void {
  budget.looks -= 1;
  if (budget.looks < 0 || (budget.looks % LOOK_EVERY === 0 && performance.now() > budget.deadline))
    throw new IcalProblem(null, 'its rules take too long to work out');
}

function ruleOf(rule: ICAL.Recur, until: number | null): RecurrenceRule {
  const frequency = FREQUENCIES.find((one) => one === rule.freq);
  if (!frequency) throw new IcalProblem(null, 'the rule has no FREQ');
  const numbers = (name: string): readonly number[] => (rule.getComponent(name) as readonly (number | string)[]).map(Number);
  return {
    frequency,
    interval: Math.max(1, Math.floor(rule.interval) || 1),
    count: rule.count ?? null,
    until,
    // The library counts from Sunday, which is 1.
    weekStart: ((rule.wkst + 5) % 7) + 1,
    months: numbers('BYMONTH'),
    weekNumbers: numbers('BYWEEKNO'),
    yearDays: numbers('BYYEARDAY'),
    monthDays: numbers('BYMONTHDAY'),
    days: (rule.getComponent('BYDAY') as readonly string[]).map(ruleDayOf),
    hours: numbers('BYHOUR'),
    minutes: numbers('BYMINUTE'),
    seconds: numbers('BYSECOND').map((second) => Math.min(59, second)),
    positions: numbers('BYSETPOS').filter((position) => position !== 0),
  };
}

const WEEKDAYS: readonly string[] = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

function ruleDayOf(text: string): RuleDay {
  const [, nth = '', name = ''] = /^([+-]?\d+)?([A-Z]{2})$/.exec(text.toUpperCase()) ?? [];
  const weekday = WEEKDAYS.indexOf(name) + 1;
  if (weekday === 0) throw new IcalProblem(null, `BYDAY: ${JSON.stringify(text.slice(0, 40))} is no day`);
  return { nth: Number(nth) || 0, weekday };
}

/** What a time of the library shows on the wall. */
export const wallOf = ({ year, month, day, hour, minute, second, isDate }: ICAL.Time): number =>
  isDate ? Date.UTC(year, month - 1, day) : Date.UTC(year, month - 1, day, hour, minute, second);
