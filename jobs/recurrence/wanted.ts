import type { CalendarUse } from '../schedules/definition.ts';

/** What is particular about a moment. */
export const MARKS = ['gap-skipped', 'shifted', 'fold-first', 'fold-second', 'blackout', 'deferred', 'window'] as const;
export type Mark = (typeof MARKS)[number];

/** A moment at which a rule means something to start, or would but for the clocks or a calendar. */
export interface Candidate {
  /** Epoch milliseconds; of a wall time that is left out, the moment it is shifted to. */
  readonly at: number;
  /** What the wall shows then, as the rule has it, e.g. `2027-03-28T02:30`. */
  readonly wall: string;
  readonly marks: readonly Mark[];
  /** Why nothing starts; null: it does. */
  readonly reason: 'dst' | 'blackout' | 'window' | null;
}

/** A stretch of time, from its start (included) to its end (not included), in epoch milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A calendar as one schedule uses it: its times over the span in question, in order, none touching another. */
export interface UsedCalendar {
  readonly name: string;
  readonly use: CalendarUse;
  readonly spans: readonly Span[];
}

/** A structured calendar as Temporal takes it, in UTC; every range has its end. */
export interface UtcCalendar {
  readonly year: readonly UtcRange[];
  readonly month: readonly UtcRange[];
  readonly dayOfMonth: readonly UtcRange[];
  readonly hour: readonly UtcRange[];
  readonly minute: readonly UtcRange[];
  readonly second: readonly UtcRange[];
}

export interface UtcRange {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}
