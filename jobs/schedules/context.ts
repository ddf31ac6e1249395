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

/** What an expression may ask of a schedule. */
export const SCHEDULE_FIELDS = [
  'name',
  'nominal_time',
  'local_time',
  'zone',
  'previous',
  'next',
  'trigger',
] as const satisfies readonly (keyof ScheduleContext)[];

/** The same as expressions see it: all of it is text, empty where there is none, and in runs that no schedule started. */
export const seenSchedule = (context?: ScheduleContext): { readonly [field: string]: string } =>
  Object.fromEntries(SCHEDULE_FIELDS.map((field) => [field, context?.[field] ?? '']));
