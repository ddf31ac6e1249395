/** Days as numbers: 0 is 1970-01-01, whatever the zone. Times on a wall are milliseconds counted as if its clocks were those of UTC. */
export const DAY_MS = 86_400_000;
export const MINUTE_MS = 60_000;

/** The number of a day; months count from 1. */
export const dayOf = (year: number, month: number, day: number): number => Date.UTC(year, month - 1, day) / DAY_MS;

/** A day's year, month and day of the month, both counted from 1. */
export function dateOf(day: number): { readonly year: number; readonly month: number; readonly day: number } {
  const date = new Date(day * DAY_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** Sunday is 0; 1970-01-01 was a Thursday. */
export const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7;

export const daysInMonth = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** A time on a wall as people write it: `2027-03-28T02:30`, with seconds only where they are not 0. */
export function wallText(wall: number): string {
  const text = new Date(wall).toISOString();
  return text.slice(0, wall % MINUTE_MS === 0 ? 16 : 19);
}
