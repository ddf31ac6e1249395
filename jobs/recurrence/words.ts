import type { ScheduleDefinition } from '../schedules/definition.ts';

/** When a schedule starts something, in plain English. */
export function wordsOf(definition: ScheduleDefinition): string {
  return definition.name;
}
