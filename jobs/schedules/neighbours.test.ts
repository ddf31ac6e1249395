import { expect, test } from 'vitest';
import { zoneData } from '#platform/zone-data.ts';
import type { ScheduleDefinition } from './definition.ts';
import { neighboursOf } from './neighbours.ts';
import { ruleOf } from './rule.ts';

const around = (rule: Partial<ScheduleDefinition>, at: string, zone = 'Europe/Berlin') => {
  const known = zoneData().zone(zone);
  if (!known) throw new Error(`no zone ${zone}`);
  const { previous, next } = neighboursOf(ruleOf({ name: 'one', job: 'one', ...rule }), known, Date.parse(at));
  return [previous, next].map((moment) => (moment === null ? null : new Date(moment).toISOString()));
};

test.each<[Partial<ScheduleDefinition>, string, (string | null)[]]>([
  [{ every: '10s' }, '2027-03-01T12:00:00Z', ['2027-03-01T11:59:50.000Z', '2027-03-01T12:00:10.000Z']],
  [{ cron: '30 2 * * *' }, '2027-03-29T00:30:00Z', ['2027-03-28T01:30:00.000Z', '2027-03-30T00:30:00.000Z']],
  [{ cron: '0 0 1 1 *' }, '2026-12-31T23:00:00Z', ['2025-12-31T23:00:00.000Z', '2027-12-31T23:00:00.000Z']],
  [{ scheduled_for: '2027-03-01T12:00:00Z' }, '2027-03-01T12:00:00Z', [null, null]],
  [
    { every: '1h', start_at: '2027-03-01T12:00:00Z', end_at: '2027-03-01T14:00:00Z' },
    '2027-03-01T13:00:00Z',
    ['2027-03-01T12:00:00.000Z', null],
  ],
])('%j has the neighbours of %s', (rule, at, expected) => {
  expect(around(rule, at)).toEqual(expected);
});
