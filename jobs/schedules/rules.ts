import { RESERVED_NAMES } from '../definition-rules.ts';
import { formatDuration, parseDuration } from '../duration.ts';
import { durationProblems } from '../duration-rules.ts';
import type { JsonObject } from '../json.ts';
import { errorAt, type Problem, pointerTo } from '../problem.ts';
import { targetViolations } from '../target-rules.ts';
import { timezoneProblem } from '../timezone.ts';
import type { ZoneData } from '../zones/zone.ts';
import { SCHEDULE_DEFAULTS, type ScheduleDefinition } from './definition.ts';
import { fieldViolations } from './field-rules.ts';
import { readDay, readInstant, readTimeOfDay, readWall } from './moments.ts';
import { ruleOf } from './rule.ts';
import { SCHEDULE_KINDS, type ScheduleKind } from './schema.ts';
import { timeViolations } from './time-rules.ts';

const SECOND = 1_000;
const DAY = 86_400_000;

/** What the rules are asked about. */
export interface Asked {
  readonly zones: ZoneData;
  readonly now: number;
  /** What the schedule said until now. */
  readonly before: ScheduleDefinition | null;
  /** What is wrong with the shape. */
  readonly shape: readonly Problem[];
}

/** What the shape of a schedule cannot say. Whatever is asked about a field whose shape or words are wrong is not asked. */
export function* scheduleViolations(value: JsonObject, { zones, now, before, shape }: Asked): Generator<Problem> {
  const definition = value as unknown as ScheduleDefinition;
  const isSound = (pointer: string) => !shape.some((one) => one.pointer === pointer || one.pointer.startsWith(`${pointer}/`));
  const kinds = SCHEDULE_KINDS.filter((kind) => definition[kind] !== undefined);
  const found: Problem[] = [];
  for (const problem of wordViolations(definition, (pointer) => isSound(pointer))) {
    found.push(problem);
    yield problem;
  }
  const [kind, another] = kinds;
  if (kind === undefined || another !== undefined) return;
  for (const problem of strangers(definition, kind)) {
    found.push(problem);
    yield problem;
  }
  // What a rule comes to can be asked only of one that is right by itself.
  if (shape.length > 0 || found.some(({ severity }) => severity === 'error')) return;
  const zone = zones.zone(definition.timezone ?? SCHEDULE_DEFAULTS.timezone);
  if (zone === null) yield errorAt('/timezone', `the zone data ${zones.version} have no zone ${JSON.stringify(definition.timezone)}`);
  else yield* timeViolations(definition, kind, ruleOf(definition), zone, now, before);
}

/** What is wrong with single fields. */
function* wordViolations(definition: ScheduleDefinition, isSound: (pointer: string) => boolean): Generator<Problem> {
  const { name, timezone, client, target, calendars } = definition;
  if (isSound('/name') && RESERVED_NAMES.some((reserved) => reserved === name)) {
    yield errorAt('/name', `"${name}" is reserved; choose another name`, { value: name });
  }
  if (timezone !== undefined && isSound('/timezone')) yield* timezoneProblem('/timezone', timezone);
  if (client !== undefined && isSound('/client') && new TextEncoder().encode(client).length > 64) {
    yield errorAt('/client', `${JSON.stringify(client)} has more than 64 bytes`, { value: client });
  }
  if (target !== undefined && isSound('/target')) yield* targetViolations(target, '/target');
  if (calendars !== undefined && isSound('/calendars')) yield* repeatedCalendars(calendars);
  yield* fieldViolations(definition, isSound);
  for (const [field, check] of Object.entries(TEXTS)) {
    const text = definition[field as keyof typeof TEXTS];
    if (text !== undefined && isSound(`/${field}`)) yield* check(`/${field}`, text);
  }
}

function readMoment(text: string): number {
  const wall = readWall(text);
  if (wall !== null) return wall;
  try {
    return readInstant(text);
  } catch {
    const forms = '2027-01-31T22:00:00Z, 2027-01-31T23:00:00+01:00 or 2027-01-31T23:00';
    throw new RangeError(`${JSON.stringify(text)} is neither a moment nor a time on the wall; write ${forms}`);
  }
}

type TextCheck = (pointer: string, text: string) => Iterable<Problem>;

const length =
  (least: number, most: number): TextCheck =>
  (pointer, text) =>
    lengthViolations(pointer, text, least, most);
const moment: TextCheck = (pointer, text) => refusals(pointer, text, () => wholeSeconds(text, readInstant(text)));

/** Texts of a form of their own. */
const TEXTS = {
  every: length(10 * SECOND, 3_660 * DAY),
  catchup_window: length(10 * SECOND, 7 * DAY),
  jitter: length(SECOND, DAY),
  anchor: moment,
  start_at: moment,
  end_at: moment,
  at: (pointer, text) => refusals(pointer, text, () => readTimeOfDay(text)),
  from: (pointer, text) => refusals(pointer, text, () => readDay(text)),
  scheduled_for: (pointer, text) => refusals(pointer, text, () => wholeSeconds(text, readMoment(text))),
} as const satisfies { readonly [field in keyof ScheduleDefinition]?: TextCheck };

function* repeatedCalendars(calendars: NonNullable<ScheduleDefinition['calendars']>): Generator<Problem> {
  for (const [at, { name }] of calendars.entries()) {
    if (calendars.findIndex((one) => one.name === name) !== at) {
      yield errorAt(pointerTo(pointerTo('/calendars', at), 'name'), `${JSON.stringify(name)} is used twice; one calendar has one use`, {
        value: name,
      });
    }
  }
}

function* lengthViolations(pointer: string, text: string, least: number, most: number): Generator<Problem> {
  const found = [...durationProblems(pointer, text, most)];
  yield* found;
  if (found.length > 0) return;
  const ms = parseDuration(text);
  if (ms < least) yield errorAt(pointer, `${JSON.stringify(text)} is shorter than ${formatDuration(least)}`, { value: text });
  else if (ms % SECOND !== 0) yield errorAt(pointer, `${JSON.stringify(text)} is not a number of whole seconds`, { value: text });
}

function wholeSeconds(text: string, moment: number): void {
  if (moment % SECOND !== 0) throw new RangeError(`${JSON.stringify(text)} is not at a whole second`);
}

/** The message of a RangeError that reading a field throws. */
function* refusals(pointer: string, value: string, read: () => unknown): Generator<Problem> {
  try {
    read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    yield errorAt(pointer, error.message, { value });
  }
}

/** Which fields belong to only some kinds, and what to say of them elsewhere. */
const BELONGS: { readonly [field in 'anchor' | 'at' | 'from' | 'dst' | 'start_at' | 'end_at']: readonly ScheduleKind[] } = {
  anchor: ['every'],
  at: ['every_days'],
  from: ['every_days'],
  dst: ['cron', 'calendar', 'every_days', 'scheduled_for'],
  start_at: ['cron', 'calendar', 'every', 'every_days'],
  end_at: ['cron', 'calendar', 'every', 'every_days'],
};

const WHY_NOT: { readonly [field: string]: string } = {
  dst: 'elapsed time knows no clocks that change',
  start_at: 'what happens once begins and ends with it',
  end_at: 'what happens once begins and ends with it',
};

function* strangers(definition: ScheduleDefinition, kind: ScheduleKind): Generator<Problem> {
  for (const [field, kinds] of Object.entries(BELONGS) as [keyof typeof BELONGS, readonly ScheduleKind[]][]) {
    if (definition[field] === undefined || kinds.includes(kind)) continue;
    yield errorAt(`/${field}`, `does not belong to ${kind}: ${WHY_NOT[field] ?? `it is a part of ${kinds.join(', ')}`}`);
  }
}
