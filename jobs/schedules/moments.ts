import { DAY_MS } from '../recurrence/civil.ts';

const INSTANT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(?:Z|([+-])(\d{2}):(\d{2}))$/;
const WALL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?$/;

export const INSTANT_WORDS = 'a moment with its offset; write 2027-01-31T23:00:00+01:00 or 2027-01-31T22:00:00Z';

/** A moment (epoch milliseconds) as ISO 8601 with offset. Throws a RangeError that says how to write it. */
export function readInstant(text: string): number {
  const [, wall, sign, hours = '0', minutes = '0'] = INSTANT.exec(text) ?? [];
  const shown = wall === undefined ? null : wallOf(wall);
  if (shown === null || Number(hours) > 23 || Number(minutes) > 59)
    throw new RangeError(`${JSON.stringify(text.slice(0, 60))} is not ${INSTANT_WORDS}`);
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return sign === '-' ? shown + offset : shown - offset;
}

/** A time on a wall, in milliseconds counted as if its clocks were those of UTC; null for what is none, such as 31 February. */
export const readWall = (text: string): number | null => (WALL.test(text) ? wallOf(text) : null);

function wallOf(text: string): number | null {
  const at = Date.parse(`${text}Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text) ? at : null;
}

/** The minute of the day of `HH:MM`. Throws a RangeError that says how to write it. */
export function readTimeOfDay(text: string): number {
  const [, hour, minute] = /^(\d{2}):(\d{2})$/.exec(text) ?? [];
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59) {
    throw new RangeError(`${JSON.stringify(text.slice(0, 60))} is not a time of day; write 00:00 to 23:59`);
  }
  return Number(hour) * 60 + Number(minute);
}

/** A day of `YYYY-MM-DD` as a number, 0 being 1970-01-01. Throws a RangeError that says how to write it. */
export function readDay(text: string): number {
  const midnight = /^\d{4}-\d{2}-\d{2}$/.test(text) ? readWall(`${text}T00:00`) : null;
  if (midnight === null) throw new RangeError(`${JSON.stringify(text.slice(0, 60))} is not a day; write 2027-01-31`);
  return midnight / DAY_MS;
}
