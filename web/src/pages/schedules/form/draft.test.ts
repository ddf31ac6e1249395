import { expect, test } from 'vitest';
import type { ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { changesFrom, definitionOf, draftOf, patchOf } from './draft.ts';

const base = { name: 'nightly', job: 'backup' };

test.each<Partial<ScheduleDefinition>>([
  { cron: '30 2 * * mon-fri', timezone: 'Europe/Berlin', dst: { gap: 'skip', fold: 'both' } },
  { calendar: { day: 'last', hour: 18 } },
  {
    calendar: [
      { nth_weekday: ['1st mon', 'last fri'], hour: [4, 16], minute: 30 },
      { month: 'dec', day: '24-31', minute: '*/20' },
    ],
  },
  { every: '6h', anchor: '2027-01-01T00:00:00Z', jitter: '5m' },
  { every_days: 3, at: '02:30', from: '2027-01-04', timezone: 'Asia/Tokyo' },
  { scheduled_for: '2027-01-31T23:00', timezone: 'Europe/Berlin', dst: { fold: 'second' } },
  {
    cron: '0 4 * * *',
    version: 3,
    overlap: 'buffer_one',
    catchup_window: '1h',
    start_at: '2027-01-01T00:00:00Z',
    parameters: { site: 'ber', list: [1] },
    target: 'edge-1',
    priority: 2,
    client: 'acme',
    note: 'works',
    calendars: [{ name: 'holidays', use: 'block' }],
    pause_on_failure: true,
  },
])('%j survives the form', (fields) => {
  const definition = { ...base, ...fields };
  expect(definitionOf(draftOf(definition))).toEqual(definition);
  expect(changesFrom(definition, draftOf(definition))).toEqual({});
});

test('what is written out although it holds anyway is left as it was written', () => {
  const written: ScheduleDefinition = {
    ...base,
    cron: '0 1 * * *',
    timezone: 'UTC',
    version: 'latest',
    overlap: 'skip',
    dst: { gap: 'shift' },
  };
  expect(changesFrom(written, { ...draftOf(written), note: 'new' })).toEqual({ note: 'new' });
});

test('another kind of times takes the old one away, with what belongs to it', () => {
  const written: ScheduleDefinition = { ...base, cron: '30 2 * * *', timezone: 'Europe/Berlin', dst: { fold: 'both' } };
  expect(changesFrom(written, { ...draftOf(written), kind: 'every', every: '6h' })).toEqual({ every: '6h', cron: null, dst: null });
});

test('what is no number or target is handed on as it is written, for the server to judge', () => {
  const draft = { ...draftOf({ ...base, cron: '* * * * *' }), priority: 'high', version: '1.5', target: 'a,,b' };
  expect(definitionOf(draft)).toMatchObject({ priority: 'high', version: '1.5', target: 'a,,b' });
});

test('a patch goes into objects and replaces lists', () => {
  expect(patchOf({ a: { x: 1, y: 2 }, l: [1], s: 's' }, { a: { x: 1, z: 3 }, l: [1, 2], s: 's' })).toEqual({
    a: { y: null, z: 3 },
    l: [1, 2],
  });
});
