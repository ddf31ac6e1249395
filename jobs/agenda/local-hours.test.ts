import { assert, constantFrom, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { zoneData } from '#platform/zone-data.ts';
import { localHours } from './local-hours.ts';

const zoneOf = (name: string) => {
  const zone = zoneData().zone(name);
  if (!zone) throw new Error(`no zone ${name}`);
  return zone;
};
const HOUR = 3_600_000;
const day = (name: string, date: string, offset: string, next: string, nextOffset: string) =>
  localHours(zoneOf(name), { from: Date.parse(`${date}T00:00:00${offset}`), to: Date.parse(`${next}T00:00:00${nextOffset}`) });

test('the day on which clocks are put forward has 23 hours, that on which they are put back 25, told apart by their offsets', () => {
  const spring = day('Europe/Berlin', '2027-03-28', '+01:00', '2027-03-29', '+02:00').map(({ local }) => local);
  expect(spring).toHaveLength(23);
  expect(spring.slice(1, 4)).toEqual(['2027-03-28T01:00:00+01:00', '2027-03-28T03:00:00+02:00', '2027-03-28T04:00:00+02:00']);
  const autumn = day('Europe/Berlin', '2027-10-31', '+02:00', '2027-11-01', '+01:00').map(({ local }) => local);
  expect(autumn).toHaveLength(25);
  expect(autumn.slice(2, 4)).toEqual(['2027-10-31T02:00:00+02:00', '2027-10-31T02:00:00+01:00']);
});

test('where clocks change by half an hour there are hours of half an hour', () => {
  const hours = day('Australia/Lord_Howe', '2027-04-04', '+11:00', '2027-04-05', '+10:30');
  expect(hours.filter(({ from, to }) => to - from === HOUR / 2).map(({ local }) => local)).toEqual(['2027-04-04T01:30:00+10:30']);
});

test('hours follow each other without gaps, none is longer than one, and each shows one hour only', () => {
  const zones = constantFrom(
    'Europe/Berlin',
    'Asia/Kolkata',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'America/Havana',
    'Africa/Casablanca',
    'UTC',
  );
  assert(
    property(
      zones,
      integer({ min: 1_780_000_000, max: 1_880_000_000 }),
      integer({ min: 1, max: 31 * 24 * 3600 }),
      (name, start, seconds) => {
        const zone = zoneOf(name);
        const span = { from: start * 1_000, to: (start + seconds) * 1_000 };
        const hours = localHours(zone, span);
        expect([hours.at(0)?.from, hours.at(-1)?.to]).toEqual([span.from, span.to]);
        for (const [index, { from, to }] of hours.entries()) {
          const next = hours[index + 1];
          if (next) expect(next.from).toBe(to);
          expect(to - from).toBeLessThanOrEqual(HOUR);
          const shown = (at: number) => Math.floor((at + zone.offsetAt(at)) / HOUR);
          expect(shown(to - 1)).toBe(shown(from));
        }
      },
    ),
    { numRuns: 30 },
  );
});
