import type { Span } from '../recurrence/wanted.ts';
import { CALENDAR_LIMITS } from './definition.ts';

const DAY_MS = 86_400_000;

/** How often the events of a text that stays the same are worked out anew, so that they are known as far ahead as ever. */
export const REWORK_MS = 7 * DAY_MS;

/** The span over which events are known that are worked out now; it begins and ends with a day. */
export function horizonAt(now: number): Horizon {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  return { from: today - CALENDAR_LIMITS.icalBehindMs, today, to: today + CALENDAR_LIMITS.icalAheadMs };
}

/** A span with the moment from which on what happens in it is counted. */
export interface Horizon extends Span {
  readonly today: number;
}

const FIRST_RETRY_MS = 60_000;

/** How long after an import has failed once more it is tried again; never later than it would be read anyway. */
export const retryMs = (failedBefore: number, refreshMs: number): number =>
  Math.min(refreshMs, FIRST_RETRY_MS * 2 ** Math.min(failedBefore, 20));

/** Failures in a row from which on somebody has to look. */
const ALARMING = 3;

/** What is wrong with an import that somebody should look at; null: nothing yet. */
export function alarmOf({
  attempts,
  problem,
  fetched_at,
}: {
  readonly attempts: number;
  readonly problem: string | null;
  readonly fetched_at: string;
}): string | null {
  if (problem === null || attempts < ALARMING) return null;
  return `could not be read ${attempts} times in a row, so that what was read at ${fetched_at} counts on: ${problem}`;
}
