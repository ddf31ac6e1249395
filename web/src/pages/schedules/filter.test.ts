import { expect, test } from 'vitest';
import { conditionsOf, SCHEDULES } from './filter.ts';

test('a filter survives its way into the address and back', () => {
  const filter = {
    ...SCHEDULES.absent,
    q: 'nightly & co',
    state: 'paused',
    timezone: 'Europe/Berlin',
    last_status: 'failed',
    sort: '-last_fire_at',
  };
  expect(SCHEDULES.parse(SCHEDULES.write(filter))).toEqual({ value: filter, dropped: [] });
  expect(conditionsOf(filter)).toEqual(['q', 'state', 'timezone', 'last_status']);
  expect(SCHEDULES.write(SCHEDULES.absent)).toBe('');
});

test('what is not understood is left out and named', () => {
  const { value, dropped } = SCHEDULES.parse('state=asleep&sort=size&client=acme');
  expect([value.state, value.sort, value.client]).toEqual(['', 'name', 'acme']);
  expect(dropped).toEqual(['state=asleep', 'sort=size']);
});
