import { errorAt, type Problem } from '../problem.ts';
import { cronPattern, FIELDS, PREDEFINED, readField } from '../recurrence/field-words.ts';
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
  if (/^(CRON_)?TZ=/.test(text)) return 'names a time zone; write it as timezone, beside cron';
  if (/^@every\b/.test(text)) return 'counts elapsed time; write every: 6h, beside which anchor says from when on';
  if (text.startsWith('@')) {
    return PREDEFINED[text] === undefined
      ? `${JSON.stringify(text)} is not known; write five fields or one of ${Object.keys(PREDEFINED).join(', ')}`
      : null;
  }
  const fields = text.split(/\s+/).filter(Boolean);
  const letter = fields.map((field, at) => unusual(field, at, fields)).find((one) => one !== null);
  if (letter !== undefined) return letter ?? null;
  if (fields.length === 6 || fields.length === 7) {
    return `has ${fields.length} fields, and five are taken: minute, hour, day of the month, month, day of the week; for anything finer or for years write ${form(fields.slice(fields.length - 6 > 0 ? 1 : 0))}, with start_at and end_at, or every: 30s`;
  }
  return fields.length === 5 ? null : `has ${fields.length} fields; write five: minute, hour, day of the month, month, day of the week`;
}

/** What to write for a letter that other dialects have; null when a field has none. */
function unusual(field: string, at: number, fields: readonly string[]): string | null {
  const time = timeOf(fields);
  const found = /^(?:L|L-\d+)$/i.test(field) && at === 2 ? 'L' : null;
  if (found) return said(field, `calendar: { day: ${field.toLowerCase().replace('l', 'last')}, ${time} }`);
  const nth = /^([0-7]|[a-z]{3})#([1-5])$/i.exec(field);
  if (nth) return said(field, `calendar: { nth_weekday: ${ORDINALS[Number(nth[2])]} ${dayName(nth[1] ?? '')}, ${time} }`);
  const last = /^([0-7]|(?:sun|mon|tue|wed|thu|fri|sat))L$/i.exec(field);
  if (last) return said(field, `calendar: { nth_weekday: last ${dayName(last[1] ?? '')}, ${time} }`);
  if (/^(\d{1,2}|L)W$/i.test(field))
    return said(
      field,
      `calendar: { day: ${field.replace(/W/i, '').replace(/L/i, 'last')}, weekday: mon-fri, ${time} } for days of the week that are such a day of the month; "nearest" has no form`,
    );
  if (field.includes('?'))
    return said(field, `"*" for any day, or calendar: { weekday: mon-fri, ${time} }, where an absent field agrees with all`);
  if (field.includes('#'))
    return said(field, `calendar: { nth_weekday: 1st mon, ${time} } for such days, and note: for what people should know`);
  if (/(^|[,\d-])[LW]([,\d-]|$)/.test(field)) return said(field, `calendar: { day: last, ${time} }`);
  return null;
}

const ORDINALS = ['', '1st', '2nd', '3rd', '4th', '5th'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const dayName = (day: string): string => DAYS[Number(day)] ?? day.toLowerCase();

const said = (field: string, instead: string): string => `${JSON.stringify(field)} is not taken in cron; write ${instead}`;

/** Hour and minute as the calendar form has them, where they are plain enough to be copied. */
function timeOf(fields: readonly string[]): string {
  const [minute = '0', hour = '0'] = fields;
  return [hour, minute].every((one) => /^[\d*][\d*,/-]*$/.test(one))
    ? `hour: ${plain(hour)}, minute: ${plain(minute)}`
    : 'hour: 2, minute: 30';
}

const plain = (words: string): string => (/^\d+$/.test(words) ? String(Number(words)) : `"${words}"`);

const form = (fields: readonly string[]): string => {
  const [minute = '0', hour = '0'] = fields;
  return `calendar: { ${timeOf([minute, hour])} }`;
};
