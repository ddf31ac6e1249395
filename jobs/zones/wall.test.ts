import fc from 'fast-check';
import { expect, test } from 'vitest';
import { zoneData } from '#platform/zone-data.ts';
import { ZONE_NAMES } from './names.ts';
import { momentAfterGap, momentsShowing } from './wall.ts';
import type { Zone } from './zone.ts';

const zoneOf = (name: string): Zone => zoneData().zone(name) as Zone;
const utc = (text: string): number => Date.parse(`${text}Z`);
const shown = (moments: readonly number[]): readonly string[] => moments.map((moment) => new Date(moment).toISOString().slice(0, 16));

test.each([
  ['an ordinary time is shown once', '2027-06-01T12:00', 'Europe/Berlin', ['2027-06-01T10:00']],
  ['one of autumn twice', '2027-10-31T02:30', 'Europe/Berlin', ['2027-10-31T00:30', '2027-10-31T01:30']],
  ['one of spring never', '2027-03-28T02:30', 'Europe/Berlin', []],
  ['the end of a gap once', '2027-03-28T03:00', 'Europe/Berlin', ['2027-03-28T01:00']],
  ['half an hour twice', '2027-04-04T01:30', 'Australia/Lord_Howe', ['2027-04-03T14:30', '2027-04-03T15:00']],
  ['an hour about midnight twice', '2027-04-03T23:30', 'America/Santiago', ['2027-04-04T02:30', '2027-04-04T03:30']],
  ['a day that a place went without never', '2011-12-30T12:00', 'Pacific/Apia', []],
  ['a day that a place had twice, twice', '1969-09-30T12:00', 'Pacific/Kwajalein', ['1969-09-30T01:00', '1969-10-01T00:00']],
])('%s: %s in %s', (_, wall, zone, moments) => {
  expect(shown(momentsShowing(utc(wall), zoneOf(zone)))).toEqual(moments);
});

test('only what is left out is moved out of a gap', () => {
  expect(() => momentAfterGap(utc('2027-03-28T03:00'), zoneOf('Europe/Berlin'))).toThrow(
    '2027-03-28T03:00:00.000 is not left out in Europe/Berlin',
  );
});

test('in every zone each moment is found again by what its clocks show, and what they leave out comes right after the gap', () => {
  const nearChange = fc.constantFrom(...ZONE_NAMES).chain((name) => {
    const changes = zoneOf(name).transitions(utc('1970-01-01T00:00'), utc('2060-01-01T00:00'));
    const moment = fc.integer({ min: utc('1970-01-02T00:00') / 1000, max: utc('2060-01-01T00:00') / 1000 }).map((at) => at * 1000);
    if (changes.length === 0) return fc.tuple(fc.constant(name), moment);
    const near = fc.tuple(fc.constantFrom(...changes), fc.integer({ min: -7200, max: 7200 })).map(([{ at }, off]) => at + off * 1000);
    return fc.tuple(fc.constant(name), fc.oneof(moment, near));
  });
  fc.assert(
    fc.property(nearChange, ([name, wall]) => {
      const zone = zoneOf(name);
      const moment = wall - zone.offsetAt(wall);
      expect(momentsShowing(moment + zone.offsetAt(moment), zone)).toContain(moment);
      const moments = momentsShowing(wall, zone);
      for (const one of moments) expect(one + zone.offsetAt(one)).toBe(wall);
      if (moments.length > 0) return;
      const after = momentAfterGap(wall, zone);
      const jump = zone.transitions(after - 26 * 3_600_000, after + 1).at(-1);
      expect(after + zone.offsetAt(after) - wall).toBe((jump?.offsetMs ?? 0) - (jump?.beforeMs ?? 0));
    }),
    { numRuns: 500 },
  );
});
