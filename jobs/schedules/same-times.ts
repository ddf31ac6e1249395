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

/** All that decides about the moments of a schedule, as one text: equal texts mean equal moments. */
export const timesText = (definition: ScheduleDefinition): string =>
  canonical(DECIDING.map((key) => definition[key] ?? null) as unknown as Json);

/** True when two definitions mean the same moments, whatever else differs. */
export const meansSameTimes = (a: ScheduleDefinition, b: ScheduleDefinition): boolean => timesText(a) === timesText(b);
