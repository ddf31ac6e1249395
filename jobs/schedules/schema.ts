import type { JsonSchema } from '../json.ts';
import { LIMITS } from '../limits.ts';
import { duration, name, priority } from '../schema-words.ts';
import { TARGET_SCHEMA } from '../target-schema.ts';
import { CALENDAR_USES, FOLD_POLICIES, GAP_POLICIES, OVERLAP_POLICIES, SCHEDULE_DEFAULTS } from './definition.ts';
import { INSTANT_WORDS } from './moments.ts';

/** What says when a schedule starts something; a schedule has exactly one. */
export const SCHEDULE_KINDS = ['cron', 'calendar', 'every', 'every_days', 'scheduled_for'] as const;
export type ScheduleKind = (typeof SCHEDULE_KINDS)[number];

const VERSION_WORDS = 'a version; write its number, or latest';

const instant = { type: 'string', minLength: 1, maxLength: 40, 'x-expected': INSTANT_WORDS } as const satisfies JsonSchema;

const word = { type: ['integer', 'string'], maxLength: 200, 'x-expected': 'a number, a name or a range' } as const satisfies JsonSchema;

const field = (description: string, examples: JsonSchema['examples']): JsonSchema => ({
  anyOf: [word, { type: 'array', minItems: 1, maxItems: 60, items: word }],
  description,
  ...(examples && { examples }),
});

const CALENDAR_RULE_SCHEMA: JsonSchema = {
  type: 'object',
  title: 'Calendar',
  description: 'Moments on the wall that agree with every field given. An absent field agrees with all; hour and minute are 0 when absent.',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    month: field('Months, by number or name.', [3, 'mar-may', ['jan', 'jul']]),
    day: field('Days of the month; `last` is its last, `last-1` the one before.', [15, '1-7', ['1', 'last']]),
    weekday: field('Days of the week, by number (0 and 7 are Sunday) or name.', ['mon-fri', ['sat', 'sun']]),
    nth_weekday: {
      anyOf: [
        { type: 'string', minLength: 1, maxLength: 200 },
        { type: 'array', minItems: 1, maxItems: 35, items: { type: 'string', minLength: 1, maxLength: 40 } },
      ],
      description: 'Which of a weekday in its month: 1st to 5th, or last.',
      examples: ['1st mon', ['2nd tue', 'last fri']],
    },
    hour: field('Hours, 0 to 23.', [2, '8-18', [6, 18]]),
    minute: field('Minutes, 0 to 59.', [30, '*/15']),
  },
};

/** The shape of a schedule: what `read-schedule.ts` checks first and `/api/v1/schema/schedule.json` publishes. */
export const SCHEDULE_SHAPE: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'job'],
  oneOf: SCHEDULE_KINDS.map((kind) => ({ required: [kind] })),
  properties: {
    name: { ...name, description: 'The schedule’s one name, in addresses and command lines.' },
    job: { ...name, description: 'The job it starts.' },
    version: {
      anyOf: [
        { type: 'integer', minimum: 1, 'x-expected': VERSION_WORDS },
        { enum: ['latest'], 'x-expected': VERSION_WORDS },
      ],
      default: 'latest',
      description: 'The version of the job; latest is the current one at each start.',
    },
    note: { type: 'string', maxLength: 2_000, description: 'What people should know of it.' },
    cron: {
      type: 'string',
      minLength: 1,
      maxLength: 500,
      description:
        'Minute, hour, day of the month, month, day of the week. Both day fields must hold; 0 and 7 are Sunday; names are allowed.',
      examples: ['30 2 * * mon-fri', '*/15 8-18 * * *'],
    },
    calendar: {
      anyOf: [{ $ref: '#/$defs/calendar' }, { type: 'array', minItems: 1, maxItems: 20, items: { $ref: '#/$defs/calendar' } }],
      description: 'Fields of the moment on the wall, or several such, each of which starts something.',
      examples: [
        { day: 'last', hour: 18 },
        [
          { weekday: 'mon-fri', hour: '8-18', minute: '*/15' },
          { nth_weekday: '1st sat', hour: 4 },
        ],
      ],
    },
    every: {
      ...duration,
      description: 'Elapsed time between two starts, whatever the clocks show; at least 10s.',
      examples: ['6h', '90s'],
    },
    anchor: {
      ...instant,
      description: 'With every: the first start, from which the others are counted; 1970 when absent.',
      examples: ['2027-01-01T00:00:00Z'],
    },
    every_days: { type: 'integer', minimum: 1, maximum: 3_660, description: 'Days on the wall between two starts.', examples: [3] },
    at: {
      type: 'string',
      minLength: 1,
      maxLength: 10,
      default: '00:00',
      description: 'With every_days: the time on the wall.',
      examples: ['02:30'],
    },
    from: {
      type: 'string',
      minLength: 1,
      maxLength: 20,
      description: 'With every_days: the first day, from which the others are counted; 1970-01-01 when absent.',
      examples: ['2027-01-04'],
    },
    scheduled_for: {
      type: 'string',
      minLength: 1,
      maxLength: 40,
      description: 'Once: a moment with its offset, or a time on the wall of the timezone.',
      examples: ['2027-01-31T23:00', '2027-01-31T22:00:00Z'],
    },
    timezone: {
      type: 'string',
      minLength: 1,
      maxLength: 100,
      default: SCHEDULE_DEFAULTS.timezone,
      description: 'An IANA zone.',
      examples: ['Europe/Berlin'],
    },
    dst: {
      type: 'object',
      additionalProperties: false,
      properties: {
        gap: {
          enum: GAP_POLICIES,
          default: SCHEDULE_DEFAULTS.gap,
          description: 'A time that the clocks leave out is dropped, or moved ahead by as much as they jump.',
        },
        fold: { enum: FOLD_POLICIES, default: SCHEDULE_DEFAULTS.fold, description: 'Which of a time that the clocks show twice.' },
      },
      description: 'What becomes of times that the clocks leave out or show twice when they change.',
      examples: [{ gap: 'skip', fold: 'both' }],
    },
    overlap: { enum: OVERLAP_POLICIES, default: SCHEDULE_DEFAULTS.overlap, description: 'What happens when the run before has not ended.' },
    catchup_window: {
      ...duration,
      default: SCHEDULE_DEFAULTS.catchup_window,
      description: 'After an outage, starts no older than this are made up for; 10s to 7d.',
      examples: ['1h'],
    },
    jitter: {
      ...duration,
      description: 'Each start is delayed by up to this, less than the time between two starts; at most 1d.',
      examples: ['5m'],
    },
    start_at: { ...instant, description: 'Nothing starts before this moment.', examples: ['2027-01-01T00:00:00+01:00'] },
    end_at: { ...instant, description: 'Nothing starts from this moment on.', examples: ['2028-01-01T00:00:00+01:00'] },
    parameters: {
      type: 'object',
      maxProperties: LIMITS.parameters,
      description: 'By name, what each run is started with.',
      examples: [{ site: 'ber' }],
    },
    target: { $ref: '#/$defs/target', description: 'Where steps run that need a target and name none.' },
    priority: { ...priority, description: '1 most urgent … 10; the job’s when absent.' },
    client: {
      type: 'string',
      minLength: 1,
      maxLength: 64,
      description: 'For whom; whoever shares a queue has a share of it. At most 64 bytes.',
      examples: ['acme'],
    },
    calendars: {
      type: 'array',
      maxItems: 20,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'use'],
        properties: { name, use: { enum: CALENDAR_USES } },
      },
      description:
        'Calendars whose times block starts, are the only ones for starts, or defer them to the next moment that all of them allow.',
      examples: [[{ name: 'public-holidays', use: 'block' }]],
    },
    pause_on_failure: { type: 'boolean', default: false, description: 'A run that fails pauses the schedule.' },
  },
  $defs: { calendar: CALENDAR_RULE_SCHEMA, target: TARGET_SCHEMA },
};

/** The published JSON Schema (2020-12) of schedules, for editors to complete and check. */
export const scheduleSchema = (): JsonSchema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: '/api/v1/schema/schedule.json',
  title: 'Capstan schedule',
  description: 'When a job starts by itself.',
  ...SCHEDULE_SHAPE,
});
