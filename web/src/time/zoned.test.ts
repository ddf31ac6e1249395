import { expect, test } from 'vitest';
import { momentOf, momentsOf, nextChanges, wallAt } from './zoned.ts';

const iso = (moment: number | null) => moment && new Date(moment).toISOString();

test.each([
  ['2027-01-04T02:30', 'Europe/Berlin', '2027-01-04T01:30:00.000Z'],
  ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
  ['2027-03-28T02:30', 'Europe/Berlin', '2027-03-28T01:30:00.000Z'],
  ['2027-03-28', 'America/New_York', '2027-03-28T04:00:00.000Z'],
  ['2027-03-28T12:00', 'Asia/Kolkata', '2027-03-28T06:30:00.000Z'],
])('%s in %s is %s: twice means first, left out means moved ahead', (wall, zone, moment) => {
  expect(iso(momentOf(wall, zone))).toBe(moment);
});

test.each([
  ['2026-11-22T18:30', 'Pacific/Kiritimati', ['2026-11-22T04:30:00.000Z']],
  ['2026-03-29T02:30', 'Europe/Berlin', []],
  ['2026-10-25T02:30', 'Europe/Berlin', ['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z']],
  ['soon', 'UTC', []],
])('%s in %s is all of %s', (wall, zone, moments) => {
  expect(momentsOf(wall, zone).map(iso)).toEqual(moments);
});

test('a wall time survives its way to a moment and back', () => {
  for (const zone of ['Australia/Lord_Howe', 'America/Santiago', 'UTC', 'Asia/Kathmandu']) {
    for (const wall of ['2027-01-15T11:45', '2027-07-15T23:10']) expect(wallAt(momentOf(wall, zone) ?? 0, zone)).toBe(wall);
  }
  expect(momentOf('soon', 'UTC')).toBeNull();
});

test('the next changes of the clocks are found to the minute', () => {
  const from = Date.parse('2026-11-22T00:00:00Z');
  expect(nextChanges('Europe/Berlin', from).map(({ at, by }) => [iso(at), by / 3_600_000])).toEqual([
    ['2027-03-28T01:00:00.000Z', 1],
    ['2027-10-31T01:00:00.000Z', -1],
  ]);
  expect(nextChanges('Asia/Tokyo', from)).toEqual([]);
});
