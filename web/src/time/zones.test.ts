import { expect, expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type { Timezones } from '#api/views/timezone.ts';
import { offsetText, searchZones, type ZonesView, type ZoneView } from './zones.ts';

const zone = (name: string, offset_minutes: number, abbreviation: string, alias_of: string | null = null): ZoneView => ({
  name,
  alias_of,
  offset_minutes,
  abbreviation,
});
const ZONES = [
  zone('America/Argentina/Buenos_Aires', -180, '-03'),
  zone('America/New_York', -300, 'EST'),
  zone('Asia/Calcutta', 330, 'IST', 'Asia/Kolkata'),
  zone('Asia/Kolkata', 330, 'IST'),
  zone('Europe/Berlin', 60, 'CET'),
  zone('Europe/Oslo', 60, 'CET', 'Europe/Berlin'),
  zone('UTC', 0, 'UTC'),
];
const names = (text: string) => searchZones(ZONES, text, 'Europe/Berlin').map(({ name }) => name);

test('what the page reads of zones is what the API promises', () => {
  expectTypeOf<z.output<typeof Timezones>>().toExtend<ZonesView>();
});

test('before anything is typed the reader’s own zone and UTC come first, and aliases are left out', () => {
  expect(names('')).toEqual(['Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires', 'America/New_York', 'Asia/Kolkata']);
});

test.each([
  ['berl', ['Europe/Berlin', 'Europe/Oslo']],
  ['new york', ['America/New_York']],
  ['NEW_YORK', ['America/New_York']],
  ['america/', ['America/Argentina/Buenos_Aires', 'America/New_York']],
  ['cet', ['Europe/Berlin', 'Europe/Oslo']],
  ['+05:30', ['Asia/Kolkata', 'Asia/Calcutta']],
  ['-03:00', ['America/Argentina/Buenos_Aires']],
  ['kolkata', ['Asia/Kolkata', 'Asia/Calcutta']],
  ['atlantis', []],
])('%j finds %j', (text, found) => {
  expect(names(text)).toEqual(found);
});

test.each([
  [0, 'UTC'],
  [330, 'UTC+05:30'],
  [-210, 'UTC−03:30'],
])('%i minutes are %s', (minutes, text) => {
  expect(offsetText(minutes)).toBe(text);
});
