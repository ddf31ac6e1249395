import { errorAt, type Problem, pointerTo } from '../problem.ts';
import { calendarPattern, FIELDS, readDays, readField, readNthWeekdays } from '../recurrence/field-words.ts';
import { hasDays } from '../recurrence/pattern.ts';
import { cronViolations } from './cron-rules.ts';
import type { CalendarRule, ScheduleDefinition } from './definition.ts';

/** What is wrong with the words of a cron text or of a calendar, and with days that no year has. */
export function* fieldViolations({ cron, calendar }: ScheduleDefinition, isSound: (pointer: string) => boolean): Generator<Problem> {
  if (cron !== undefined && isSound('/cron')) yield* cronViolations(cron);
  if (calendar === undefined || !isSound('/calendar')) return;
  const isList = Array.isArray(calendar);
  for (const [at, rule] of ([calendar].flat() as CalendarRule[]).entries()) {
    yield* calendarViolations(rule, isList ? pointerTo('/calendar', at) : '/calendar');
  }
}

function* calendarViolations(rule: CalendarRule, pointer: string): Generator<Problem> {
  let isRead = true;
  for (const [name, words] of Object.entries(rule) as [keyof CalendarRule, never][]) {
    try {
      if (name === 'nth_weekday') readNthWeekdays(words);
      else if (name === 'day') readDays(words);
      else readField(FIELDS[name], words);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      isRead = false;
      yield errorAt(pointerTo(pointer, name), error.message);
    }
  }
  if (isRead && !hasDays(calendarPattern(rule))) yield errorAt(pointer, 'never fires: no year has such a day');
}
