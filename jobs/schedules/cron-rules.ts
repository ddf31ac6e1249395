import { errorAt, type Problem } from '../problem.ts';
import { cronPattern, FIELDS, PREDEFINED, readField } from '../recurrence/field-words.ts';
import { WEEKDAYS } from '../recurrence/names.ts';
import { hasDays } from '../recurrence/pattern.ts';

const ORDER = ['minute', 'hour', 'day', 'month', 'weekday'] as const;

/** What is wrong with a cron text: what is no part of its dialect with the form to use instead, fields that are none, days that no year has. */
export function* cronViolations(cron: string): Generator<Problem> {
  const text = cron.trim();
  const strange = strangeness(text);
  if (strange !== null) {
    yield errorAt('/cron', strange, { value: cron });
    return;
  }
  const fields = (PREDEFINED[text] ?? text).split(/\s+/);
  let isRead = true;
  for (const [at, name] of ORDER.entries()) {
    try {
      readField(FIELDS[name], fields[at] ?? '');
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      isRead = false;
      yield errorAt('/cron', `${FIELDS[name].title}: ${error.message}`, { value: cron });
    }
  }
  if (isRead && !hasDays(cronPattern(text)))
    yield errorAt('/cron', `${JSON.stringify(cron)} never fires: no year has such a day`, { value: cron });
  if (isRead && isSet(fields[2]) && isSet(fields[4])) {
    const message = 'cron: both day fields must hold, so this starts only on such a day of the week that is also such a day of the month';
    yield { pointer: '/cron', message, severity: 'warning' };
  }
}

const isSet = (field: string | undefined): boolean => field !== undefined && !field.startsWith('*');

/** Why a text is not in the dialect at all; null when it may be. */
function strangeness(text: string): string | null {
  if (/^(CRON_)?TZ=/.test(text)) return 'names a time zone; write it beside cron as timezone';
  if (/^@every\b/.test(text)) return 'counts elapsed time; write every: 6h instead of cron';
  if (text.startsWith('@')) {
    const known = Object.keys(PREDEFINED).join(', ');
    return PREDEFINED[text] === undefined ? `${JSON.stringify(text)} is not known; write five fields or one of ${known}` : null;
  }
  const fields = text.split(/\s+/).filter(Boolean);
  for (const field of fields) {
    const instead = insteadOf(field, timeOf(fields));
    if (instead !== null) return `${JSON.stringify(field)} is not taken in cron; write ${instead}`;
  }
  if (fields.length === 5) return null;
  const five = 'minute, hour, day of the month, month, day of the week';
  if (fields.length !== 6 && fields.length !== 7) return `has ${fields.length} fields; write five: ${five}`;
  // Of seven the first are seconds, of six the last are years, as the server counts them.
  const instead = `instead of a year write start_at and end_at, instead of seconds every: 30s, or ${form(timeOf(fields.slice(fields.length - 6)))}`;
  return `has ${fields.length} fields, and five are taken: ${five}; ${instead}`;
}

const form = (...parts: readonly string[]): string => `the calendar form, calendar: { ${parts.join(', ')} }`;

/** What to write for what other dialects have in a field; null when it has nothing of the kind. */
function insteadOf(field: string, time: string): string | null {
  if (/^L(-\d+)?$/i.test(field)) return form(`day: ${field.toLowerCase().replace('l', 'last')}`, time);
  const nearest = /^(\d{1,2}|L)W$/i.exec(field)?.[1];
  if (nearest) {
    const day = nearest.toUpperCase() === 'L' ? 'last' : nearest;
    return `${form(`day: ${day}`, 'weekday: mon-fri', time)}, which is that day only when it is a weekday; the nearest one has no form`;
  }
  const [, weekday, nth] = /^([0-7]|[a-z]{3})(?:L|#([1-5]))$/i.exec(field) ?? [];
  if (weekday) return form(`nth_weekday: ${ORDINALS[Number(nth ?? 0)]} ${dayName(weekday)}`, time);
  if (field.includes('?')) return `* for any day, or ${form(time).replace('form,', 'form, where an absent field agrees with all,')}`;
  if (field.includes('#'))
    return `note: beside it for what people should know, and ${form('nth_weekday: 1st mon', time).replace('form,', 'form for the nth weekday,')}`;
  return /(^|[,\d-])[LW]([,\d-]|$)/.test(field) ? form('day: [15, last]', time) : null;
}

const ORDINALS = ['last', '1st', '2nd', '3rd', '4th', '5th'];
const dayName = (day: string): string => (WEEKDAYS[Number(day) % 7]?.slice(0, 3) ?? day).toLowerCase();

/** Hour and minute as the calendar form has them, where they are plain enough to be copied. */
function timeOf([minute = '0', hour = '0']: readonly string[]): string {
  const isPlain = [hour, minute].every((one) => /^[\d*][\d*,/-]*$/.test(one));
  return isPlain ? `hour: ${plain(hour)}, minute: ${plain(minute)}` : 'hour: 2, minute: 30';
}

const plain = (words: string): string => (/^\d+$/.test(words) ? String(Number(words)) : `"${words}"`);
