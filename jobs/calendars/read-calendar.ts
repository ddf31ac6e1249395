import { parseDuration, writeDuration } from '../duration.ts';
import type { Json } from '../json.ts';
import { violations } from '../json-schema.ts';
import { LIMITS } from '../limits.ts';
import { errorAt, InvalidInput, type Problem, pointerTo } from '../problem.ts';
import { type Locate, located, readSource } from '../source.ts';
import { take } from '../take.ts';
import { timezoneProblem } from '../timezone.ts';
import { CALENDAR_LIMITS, type CalendarDefinition, DEFAULT_REFRESH } from './definition.ts';
import { readEntry } from './entry.ts';
import { CALENDAR_SHAPE } from './schema.ts';

/** A calendar's text, read and found right. */
export interface ReadCalendar {
  readonly definition: CalendarDefinition;
  readonly format: 'yaml' | 'json';
}

/** A calendar's text (YAML or JSON) as what it says. Throws InvalidInput with everything that is wrong with it, each with its place. */
export function readCalendar(text: string): ReadCalendar {
  const { value, locate } = readSource(text);
  return { definition: checkCalendar(value, locate), format: /^\s*\{/.test(text) ? 'json' : 'yaml' };
}

function checkCalendar(value: Json, locate: Locate): CalendarDefinition {
  const shape = [...take(violations(CALENDAR_SHAPE, value, '', { root: CALENDAR_SHAPE }), LIMITS.problems)];
  if (shape.length > 0) throw new InvalidInput(located(shape, locate));
  const definition = value as unknown as CalendarDefinition;
  const rules = [...take(ruleProblems(definition), LIMITS.problems)];
  if (rules.length > 0) throw new InvalidInput(located(rules, locate));
  return definition;
}

function* ruleProblems({ timezone, entries = [], ical }: CalendarDefinition): Generator<Problem> {
  if (timezone !== undefined) yield* timezoneProblem('/timezone', timezone);
  for (const [at, entry] of entries.entries()) {
    const text = typeof entry === 'string' ? entry : entry.on;
    const pointer = pointerTo('/entries', at);
    const says = problemOf(() => readEntry(text));
    if (says !== null) yield errorAt(typeof entry === 'string' ? pointer : pointerTo(pointer, 'on'), says, { value: text });
  }
  if (ical === undefined) return;
  const url = URL.parse(ical.url);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    yield errorAt('/ical/url', `${JSON.stringify(ical.url.slice(0, 200))} is no address; write https://host/calendar.ics`);
  }
  if (url?.username || url?.password)
    yield errorAt('/ical/url', 'holds a login, which whoever may see this calendar could read; leave it out');
  const { least, most } = CALENDAR_LIMITS.refreshMs;
  const refreshMs = refreshOf(ical);
  if (refreshMs < least || refreshMs > most) {
    yield errorAt('/ical/refresh', `${ical.refresh} is out of range; write ${writeDuration(least)} to ${writeDuration(most)}`, {
      value: ical.refresh ?? '',
    });
  }
}

/** How often a calendar elsewhere is read, in milliseconds. */
export const refreshOf = ({ refresh = DEFAULT_REFRESH }: NonNullable<CalendarDefinition['ical']>): number => parseDuration(refresh);

function problemOf(read: () => unknown): string | null {
  try {
    read();
    return null;
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}
