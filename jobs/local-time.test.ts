import { expect, test } from 'vitest';
import { zoneData } from '#platform/zone-data.ts';
import { instantOfLocal } from './local-time.ts';
import type { Zone } from './zones/zone.ts';

const zoneOf = (name: string): Zone => zoneData().zone(name) as Zone;

test.each([
  ['an ordinary time', '2026-11-22T12:00', 'Europe/Berlin', '2026-11-22T11:00:00Z'],
  ['with seconds', '2026-07-01T12:00:30', 'America/New_York', '2026-07-01T16:00:30Z'],
  ['one left out in spring comes as much later', '2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00Z'],
  ['one left out at midnight', '2026-09-06T00:00', 'America/Santiago', '2026-09-06T04:00:00Z'],
  ['the first of two in autumn', '2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00Z'],
  ['the first of two, west of UTC', '2026-11-01T01:30', 'America/New_York', '2026-11-01T05:30:00Z'],
  ['half an hour of summer time', '2026-04-05T01:45', 'Australia/Lord_Howe', '2026-04-04T14:45:00Z'],
  ['of a day that is left out whole', '2011-12-30T12:00', 'Pacific/Apia', '2011-12-30T22:00:00Z'],
  ['UTC', '2026-01-01T00:00', 'UTC', '2026-01-01T00:00:00Z'],
])('the clocks of a zone show it: %s', (_, local, zone, expected) => {
  expect(new Date(instantOfLocal(local, zoneOf(zone))).toISOString()).toBe(new Date(expected).toISOString());
});

test.each(['2026-02-30T00:00', '2026-01-01', '2026-01-01T24:00'])('%s is refused', (local) => {
  expect(() => instantOfLocal(local, zoneOf('UTC'))).toThrow('is not a time on the wall');
});
