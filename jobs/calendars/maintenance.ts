import { didYouMean } from '../suggest.ts';
import { readEntry } from './entry.ts';

/** When steps may start on a target: times as calendars have them (`sun 01:00-05:00`) in its zone, and `calendar:<name>` for those of a calendar. */
export type Maintenance = readonly string[];

const CALENDAR = /^calendar:/;

/** The calendars that windows name, each once. */
export const calendarsOf = (maintenance: Maintenance): readonly string[] => [
  ...new Set(maintenance.filter((window) => CALENDAR.test(window)).map((window) => window.replace(CALENDAR, ''))),
];

/** The times that windows name by themselves. */
export const timesOf = (maintenance: Maintenance): readonly string[] => maintenance.filter((window) => !CALENDAR.test(window));

/** What is wrong with a window, as a sentence; null when nothing is. That its calendar exists is checked when it is saved. */
export function windowProblem(window: string): string | null {
  if (CALENDAR.test(window)) return /^calendar:[a-z0-9]/.test(window) ? null : 'names no calendar; write calendar:<name>';
  if (/^[a-z]+:/i.test(window)) return `${JSON.stringify(window)} is no window${didYouMean(window.split(':')[0] ?? '', ['calendar'])}`;
  try {
    readEntry(window);
    return null;
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}
