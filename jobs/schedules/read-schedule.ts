import { boundViolations } from '../bounds.ts';
import type { Json, JsonObject } from '../json.ts';
import { violations } from '../json-schema.ts';
import { LIMITS } from '../limits.ts';
import { InvalidInput, type Problem } from '../problem.ts';
import { type Locate, located, readSource } from '../source.ts';
import { take } from '../take.ts';
import type { ZoneData } from '../zones/zone.ts';
import type { ScheduleDefinition } from './definition.ts';
import { type Asked, scheduleViolations } from './rules.ts';
import { SCHEDULE_SHAPE } from './schema.ts';

/** A schedule's text, read and found right; warnings are for its author. */
export interface ReadSchedule {
  readonly definition: ScheduleDefinition;
  readonly format: 'yaml' | 'json';
  readonly warnings: readonly Problem[];
}

/**
 * A schedule's text (YAML or JSON) as what it says. Throws InvalidInput with everything that is wrong with it, each with its place. `now` is what tells past from
 * future. `before` is what the schedule said until now: a time that has passed since, or that nothing is left of, then keeps nobody from changing the rest.
 */
export function readSchedule(text: string, zones: ZoneData, now: number, before: ScheduleDefinition | null = null): ReadSchedule {
  const { value, locate } = readSource(text);
  return { ...check(value, { zones, now, before }, locate), format: /^\s*\{/.test(text) ? 'json' : 'yaml' };
}

/** The same of a schedule that is data already. */
export function checkSchedule(
  value: Json,
  zones: ZoneData,
  now: number,
  before: ScheduleDefinition | null = null,
): Omit<ReadSchedule, 'format'> {
  const bounds = [...take(boundViolations(value), LIMITS.problems)];
  if (bounds.length > 0) throw new InvalidInput(bounds);
  return check(value, { zones, now, before }, () => null);
}

function check(value: Json, asked: Omit<Asked, 'shape'>, locate: Locate): Omit<ReadSchedule, 'format'> {
  const shape = [...take(violations(SCHEDULE_SHAPE, value, '', { root: SCHEDULE_SHAPE }), LIMITS.problems)];
  if (!isObject(value)) throw new InvalidInput(located(shape, locate));
  const rules = take(scheduleViolations(value, { ...asked, shape }), LIMITS.problems - shape.length);
  const problems = [...located([...shape, ...rules], locate)].sort(byPlace);
  if (problems.some(({ severity }) => severity === 'error')) throw new InvalidInput(problems);
  return { definition: value as unknown as ScheduleDefinition, warnings: problems };
}

const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const byPlace = (a: Problem, b: Problem): number => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
