import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import type { Json, JsonSchema } from '../json.ts';
import { violations } from '../json-schema.ts';
import { scheduleSchema } from './schema.ts';

const schema = scheduleSchema();
const validator = () =>
  new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allowUnionTypes: true }).addVocabulary(['x-expected']);
const accepts = validator().compile(schema);

const FULL = {
  name: 'nightly',
  job: 'backup',
  version: 3,
  note: 'agreed with operations',
  timezone: 'Europe/Berlin',
  dst: { gap: 'skip', fold: 'both' },
  overlap: 'buffer_one',
  catchup_window: '1h',
  jitter: '5m',
  start_at: '2027-01-01T00:00:00+01:00',
  end_at: '2028-01-01T00:00:00+01:00',
  parameters: { site: 'ber', count: 3 },
  target: { tags: ['edge'] },
  priority: 2,
  client: 'acme',
  calendars: [{ name: 'holidays', use: 'block' }],
  pause_on_failure: true,
};
const ONE = { name: 'one', job: 'two' };

test.each<[string, Json, boolean]>([
  ['everything', { ...FULL, cron: '30 2 * * *' }, true],
  ['a calendar', { ...ONE, calendar: { day: ['1', 'last'], hour: 2, nth_weekday: ['1st mon'] } }, true],
  ['several calendars', { ...ONE, calendar: [{ hour: 2 }, { hour: '8-18', minute: '*/15' }] }, true],
  ['elapsed time', { ...ONE, every: '6h', anchor: '2027-01-01T00:00:00Z' }, true],
  ['days', { ...ONE, every_days: 3, at: '02:30', from: '2027-01-04' }, true],
  ['once', { ...ONE, scheduled_for: '2027-01-31T23:00' }, true],
  ['nothing that says when', ONE, false],
  ['two that say when', { ...ONE, cron: '30 2 * * *', every: '6h' }, false],
  ['no job', { name: 'one', every: '6h' }, false],
  ['an unknown field', { ...ONE, every: '6h', evry: '6h' }, false],
  ['an unknown field of a calendar', { ...ONE, calendar: { hours: 2 } }, false],
  ['a calendar without a field', { ...ONE, calendar: {} }, false],
  ['a priority out of range', { ...ONE, every: '6h', priority: 11 }, false],
  ['a calendar without a use', { ...ONE, every: '6h', calendars: [{ name: 'a' }] }, false],
  ['a version that is none', { ...ONE, every: '6h', version: 0 }, false],
  ['the latest version', { ...ONE, every: '6h', version: 'latest' }, true],
  ['an overlap that is none', { ...ONE, every: '6h', overlap: 'wait' }, false],
])('an editor sees what we see: %s', (_, schedule, isRight) => {
  expect([accepts(schedule), violations(schema, schedule, '', { root: schema }).next().done]).toEqual([isRight, isRight]);
});

test('every example the schema shows fits the place it stands at, and every field says what it is', () => {
  const other = validator().addSchema({ ...schema, $id: 'schedule' });
  let shown = 0;
  const visit = (part: JsonSchema, place: string): void => {
    const check = part.examples === undefined ? null : other.compile({ $ref: `schedule#${place}` });
    for (const example of part.examples ?? []) {
      shown += 1;
      expect([place, example, check?.(example)]).toEqual([place, example, true]);
    }
    for (const name of ['properties', '$defs'] as const)
      for (const [key, inner] of Object.entries(part[name] ?? {})) visit(inner, `${place}/${name}/${encodeURIComponent(key)}`);
  };
  visit(schema, '');
  expect(shown).toBeGreaterThan(25);
  const fields = Object.entries({ ...schema.properties, ...schema.$defs?.calendar?.properties });
  expect(fields.filter(([, { description }]) => description === undefined).map(([field]) => field)).toEqual([]);
});
