/** What expressions of a run know of the schedule that started it: instants in ISO 8601 with milliseconds, in UTC; the nominal moment also as the zone's clocks show it, with its offset. */
export interface ScheduleContext {
  readonly name: string;
  readonly nominal_time: string;
  readonly local_time: string;
  readonly zone: string;
  /** The moments before and after it at which the schedule means something to start; null: there is none, or none near enough to be looked for. */
  readonly previous: string | null;
  readonly next: string | null;
  readonly trigger: 'schedule' | 'catchup' | 'manual' | 'backfill';
}
