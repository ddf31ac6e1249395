import type { JsonSchema } from '../json.ts';
import { duration, name } from '../schema-words.ts';
import { CALENDAR_LIMITS, DEFAULT_REFRESH } from './definition.ts';
import { ENTRY_WORDS } from './entry.ts';

const entry = { type: 'string', minLength: 1, maxLength: 200, 'x-expected': ENTRY_WORDS } as const satisfies JsonSchema;

/** The shape of a calendar: what `read-calendar.ts` checks first and `/api/v1/schema/calendar.json` publishes. */
export const CALENDAR_SHAPE: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { ...name, description: 'The calendar’s one name, by which schedules and targets use it.' },
    timezone: {
      type: 'string',
      minLength: 1,
      maxLength: 100,
      description: 'Whose clocks its times are by (IANA). Absent: those of whatever uses it.',
      examples: ['Europe/Berlin'],
    },
    note: { type: 'string', maxLength: 2_000, description: 'What people should know of it.' },
    entries: {
      type: 'array',
      maxItems: CALENDAR_LIMITS.entries,
      description: 'Its times: days, ranges of days, days of every year, hours of the week.',
      items: {
        anyOf: [
          entry,
          {
            type: 'object',
            additionalProperties: false,
            required: ['on'],
            properties: { on: entry, note: { type: 'string', maxLength: 500, description: 'Why.' } },
          },
        ],
      },
      examples: [['2026-12-31', '12-24..12-26', 'sat-sun', 'mon-fri 22:00-06:00']],
    },
    ical: {
      type: 'object',
      additionalProperties: false,
      required: ['url'],
      description: 'An iCalendar text elsewhere whose events are its times too.',
      properties: {
        url: { type: 'string', minLength: 1, maxLength: 2_000, description: 'http or https.' },
        refresh: { ...duration, default: DEFAULT_REFRESH, description: 'How often it is read again, 5m to 30d.' },
      },
    },
  },
};
