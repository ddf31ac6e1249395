import type { JsonObject } from '../json.ts';
import type { TargetChoice } from '../target-choice.ts';

/** What happens at a wall time that the clocks leave out, and at one that they show twice. */
export const GAP_POLICIES = ['skip', 'shift'] as const;
export type GapPolicy = (typeof GAP_POLICIES)[number];
export const FOLD_POLICIES = ['first', 'second', 'both'] as const;
export type FoldPolicy = (typeof FOLD_POLICIES)[number];

/** What happens when the run before has not ended. */
export const OVERLAP_POLICIES = ['skip', 'buffer_one', 'buffer_all', 'cancel_other', 'terminate_other', 'allow_all'] as const;
export type OverlapPolicy = (typeof OVERLAP_POLICIES)[number];

/** Starts nothing during the calendar's times; starts only during them; or waits for the next moment outside of them. */
export const CALENDAR_USES = ['block', 'only', 'defer'] as const;
export type CalendarUse = (typeof CALENDAR_USES)[number];

/** Numbers, names and ranges of one field: `5`, `"mon-fri"`, `"0-59/15"`, `"last"`, or a list of such. */
export type FieldWords = number | string | readonly (number | string)[];

/** Moments on the wall that agree with every field given; a field that is absent agrees with all, `minute` and `hour` are 0 when absent. */
export interface CalendarRule {
  readonly month?: FieldWords;
  /** Days of the month; `last` is the last, `last-1` the one before. */
  readonly day?: FieldWords;
  readonly weekday?: FieldWords;
  /** `1st mon`, `2nd tue`, `last fri`. */
  readonly nth_weekday?: string | readonly string[];
  readonly hour?: FieldWords;
  readonly minute?: FieldWords;
}

/** When a job starts by itself, as a person writes it, after validation; one of `cron`, `calendar`, `every`, `every_days`, `scheduled_for` is there. */
export interface ScheduleDefinition {
  readonly name: string;
  readonly job: string;
  /** The job's version; absent or `latest`: the current one at each start. */
  readonly version?: number | 'latest';
  readonly note?: string;
  /** Five fields in Temporal's dialect. */
  readonly cron?: string;
  readonly calendar?: CalendarRule | readonly CalendarRule[];
  /** A duration of elapsed time, counted from `anchor` (ISO 8601 with offset; absent: 1970). */
  readonly every?: string;
  readonly anchor?: string;
  /** Local days between two starts, at the wall time `at` (`HH:MM`), counted from the local date `from` (`YYYY-MM-DD`). */
  readonly every_days?: number;
  readonly at?: string;
  readonly from?: string;
  /** Once: an instant (ISO 8601 with offset) or a time on the wall of `timezone`. */
  readonly scheduled_for?: string;
  /** IANA; absent: UTC. */
  readonly timezone?: string;
  readonly dst?: { readonly gap?: GapPolicy; readonly fold?: FoldPolicy };
  readonly overlap?: OverlapPolicy;
  readonly catchup_window?: string;
  readonly jitter?: string;
  /** Instants (ISO 8601 with offset) between which it starts anything: from the first on, before the second. */
  readonly start_at?: string;
  readonly end_at?: string;
  readonly parameters?: JsonObject;
  readonly target?: TargetChoice;
  readonly priority?: number;
  readonly client?: string;
  readonly calendars?: readonly { readonly name: string; readonly use: CalendarUse }[];
  readonly pause_on_failure?: boolean;
}

export const SCHEDULE_DEFAULTS = {
  timezone: 'UTC',
  gap: 'shift',
  fold: 'first',
  overlap: 'skip',
  catchup_window: '10m',
} as const;
