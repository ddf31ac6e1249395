import type { Zone } from '#jobs/zones/zone.ts';

/** What the clocks of a zone show at a moment (epoch milliseconds): `2026-11-22T23:41:16.123+09:00`. */
export function localTime(at: number, zone: Zone): string {
  const offset = zone.offsetAt(at);
  const minutes = Math.round(Math.abs(offset) / 60_000);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${new Date(at + offset).toISOString().slice(0, -1)}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** The date that the calendars of a zone show at a moment, `2026-11-22`. */
export const localDate = (at: number, zone: Zone): string => new Date(at + zone.offsetAt(at)).toISOString().slice(0, 10);

/** The date in UTC. */
export const utcDate = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** True for a day of the calendar, written as above. */
export function isLocalDate(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && utcDate(at) === text;
}

const DAY = 86_400_000;
/** The last zone is twelve hours behind UTC. */
const BEHIND = 12 * 3_600_000;

/** The moment at which a day is over everywhere on earth. */
export const overEverywhere = (date: string): number => Date.parse(`${date}T00:00:00Z`) + DAY + BEHIND;
