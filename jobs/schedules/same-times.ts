import { canonical } from '../canonical.ts';
import type { Json } from '../json.ts';
import type { ScheduleDefinition } from './definition.ts';

/** What decides about the moments of a schedule. */
const DECIDING = [
  'cron',
  'calendar',
  'every',
  'anchor',
  'every_days',
  'at',
  'from',
  'scheduled_for',
  'timezone',
  'dst',
  'start_at',
  'end_at',
  'calendars',
] as const satisfies readonly (keyof ScheduleDefinition)[];

/** True when two definitions mean the same moments, whatever else differs. */
export const meansSameTimes = (a: ScheduleDefinition, b: ScheduleDefinition): boolean =>
  DECIDING.every((key) => canonical((a[key] ?? null) as Json) === canonical((b[key] ?? null) as Json));
