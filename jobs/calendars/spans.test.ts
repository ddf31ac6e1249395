import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { zoneData } from '#platform/zone-data.ts';
import type { Span } from '../recurrence/wanted.ts';
import type { Zone } from '../zones/zone.ts';
import type { Instance } from './definition.ts';
import { readEntry } from './entry.ts';
import { isWithin, merged, spansOf } from './spans.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const zoneOf = (name: string): Zone => {
  const zone = zoneData().zone(name);
  if (!zone) throw new Error(`no zone ${name}`);
  return zone;
};
const at = (text: string): number => Date.parse(text);
const shown = (spans: readonly Span[]) =>
  spans.map(({ from, to }) => `${new Date(from).toISOString().slice(0, 16)} ${new Date(to).toISOString().slice(0, 16)}`);
const spans = (entry: string, zone: string, from: string, to: string) =>
  shown(spansOf({ entries: [entry], instances: [] }, zoneOf(zone), { from: at(from), to: at(to) }));

describe('times of a calendar', () => {
  test.each([
    ['a day in its zone', '2027-05-01', 'Europe/Berlin', '2027-04-01', '2027-06-01', ['2027-04-30T22:00 2027-05-01T22:00']],
    ['a day of 23 hours', '2027-03-28', 'Europe/Berlin', '2027-03-01', '2027-04-01', ['2027-03-27T23:00 2027-03-28T22:00']],
    ['a day of 25 hours', '2027-10-31', 'Europe/Berlin', '2027-10-01', '2027-11-30', ['2027-10-30T22:00 2027-10-31T23:00']],
    ['a day without a midnight', '2027-09-05', 'America/Santiago', '2027-09-01', '2027-10-01', ['2027-09-05T04:00 2027-09-06T03:00']],
    ['one in Beirut', '2027-03-28', 'Asia/Beirut', '2027-03-01', '2027-04-01', ['2027-03-27T22:00 2027-03-28T21:00']],
    ['one in Cairo, which begins at one', '2027-04-30', 'Africa/Cairo', '2027-04-01', '2027-05-30', ['2027-04-29T22:00 2027-04-30T21:00']],
    ['a range over the end of a year', '2027-12-30..2028-01-02', 'UTC', '2027-01-01', '2028-12-01', ['2027-12-30T00:00 2028-01-03T00:00']],
    [
      'days of every year over its end',
      '12-31..01-01',
      'UTC',
      '2027-01-01',
      '2029-01-01',
      ['2027-01-01T00:00 2027-01-02T00:00', '2027-12-31T00:00 2028-01-02T00:00', '2028-12-31T00:00 2029-01-01T00:00'],
    ],
    ['29 February where there is one', '02-29', 'UTC', '2027-01-01', '2029-01-01', ['2028-02-29T00:00 2028-03-01T00:00']],
    [
      'up to 29 February, else to the 28th',
      '02-27..02-29',
      'UTC',
      '2027-01-01',
      '2029-01-01',
      ['2027-02-27T00:00 2027-03-01T00:00', '2028-02-27T00:00 2028-03-01T00:00'],
    ],
    [
      'nights of working days',
      'thu-fri 22:00-06:00',
      'UTC',
      '2027-05-03',
      '2027-05-10',
      ['2027-05-06T22:00 2027-05-07T06:00', '2027-05-07T22:00 2027-05-08T06:00'],
    ],
    [
      'nights over the end of the week',
      'sun 22:00-06:00',
      'UTC',
      '2027-05-03',
      '2027-05-11',
      ['2027-05-03T00:00 2027-05-03T06:00', '2027-05-09T22:00 2027-05-10T06:00'],
    ],
    ['a weekend from hour to hour', 'fri 18:00-mon 06:00', 'UTC', '2027-05-04', '2027-05-11', ['2027-05-07T18:00 2027-05-10T06:00']],
    ['days over the end of the week', 'sat-mon', 'UTC', '2027-05-04', '2027-05-12', ['2027-05-08T00:00 2027-05-11T00:00']],
    [
      'hours of a night that is an hour shorter',
      '01:00-04:00',
      'Europe/Berlin',
      '2027-03-27T12:00Z',
      '2027-03-28T12:00Z',
      ['2027-03-28T00:00 2027-03-28T02:00'],
    ],
    [
      'hours that are shown twice, both times',
      '02:00-02:30',
      'Europe/Berlin',
      '2027-10-30T12:00Z',
      '2027-10-31T12:00Z',
      ['2027-10-31T00:00 2027-10-31T00:30', '2027-10-31T01:00 2027-10-31T01:30'],
    ],
    ['hours that are left out, never', '02:00-03:00', 'Europe/Berlin', '2027-03-27T12:00Z', '2027-03-28T12:00Z', []],
  ])('%s', (_, entry, zone, from, to, expected) => {
    expect(spans(entry, zone, from, to)).toEqual(expected);
  });

  test('what floats is by the clocks of whoever uses it, what is an instant is not', () => {
    const instances: readonly Instance[] = [
      ['2027-05-01', '2027-05-02'],
      ['2027-05-03T09:00:00', '2027-05-03T10:00:00'],
      ['2027-05-04T09:00:00Z', '2027-05-04T10:00:00Z'],
    ];
    expect(shown(spansOf({ entries: [], instances }, zoneOf('Asia/Tokyo'), { from: at('2027-04-01'), to: at('2027-06-01') }))).toEqual([
      '2027-04-30T15:00 2027-05-01T15:00',
      '2027-05-03T00:00 2027-05-03T01:00',
      '2027-05-04T09:00 2027-05-04T10:00',
    ]);
  });
});

const ZONES = [
  'Europe/Berlin',
  'America/Santiago',
  'America/Havana',
  'Africa/Cairo',
  'Asia/Beirut',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'UTC',
];
const two = (n: number) => String(n).padStart(2, '0');
const time = fc.integer({ min: 0, max: 95 }).map((quarter) => `${two(Math.floor(quarter / 4))}:${two((quarter % 4) * 15)}`);
const weekday = fc.constantFrom('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun');
const monthDay = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 29 }))
  .map(([month, day]) => `${two(month)}-${two(day)}`);
const date = fc.integer({ min: 0, max: 1_000 }).map((n) => new Date(at('2026-06-01') + n * DAY).toISOString().slice(0, 10));
const entry = fc.oneof(
  date,
  fc
    .tuple(date, fc.integer({ min: 0, max: 20 }))
    .map(([first, more]) => `${first}..${new Date(at(first) + more * DAY).toISOString().slice(0, 10)}`),
  monthDay,
  fc.tuple(monthDay, monthDay).map(([first, last]) => `${first}..${last}`),
  fc.tuple(weekday, weekday).map(([first, last]) => `${first}-${last}`),
  fc
    .tuple(fc.constantFrom('', 'sat-sun ', 'mon,wed '), time, time)
    .filter(([, from, to]) => from !== to)
    .map(([days, from, to]) => `${days}${from}-${to}`),
  fc.tuple(weekday, time, weekday, time).map(([first, from, last, to]) => `${first} ${from}-${last} ${to}`),
);

/** Whether the wall shows one of the times of an entry, asked one way only: day by day and minute by minute. */
function isMeant(text: string, wall: number): boolean {
  const read = readEntry(text);
  const day = Math.floor(wall / DAY) * DAY;
  const iso = new Date(day).toISOString().slice(0, 10);
  if (read.kind === 'dates') return read.first <= iso && iso <= read.last;
  if (read.kind === 'yearly') {
    const own = iso.slice(5);
    return read.first <= read.last ? read.first <= own && own <= read.last : own >= read.first || own <= read.last;
  }
  for (let before = 0; before <= 8; before += 1) {
    const begun = day - before * DAY;
    const number = new Date(begun).getUTCDay() || 7;
    const minute = (wall - begun) / MINUTE;
    if (read.weekdays.includes(number) && minute >= read.fromMinute && minute < read.toMinute) return true;
  }
  return false;
}

test('spans are in order, apart from each other, within what was asked, and hold exactly the moments whose wall shows one of the times', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ZONES),
      fc.array(entry, { minLength: 1, maxLength: 3 }),
      // Around the days on which the clocks of these places change, and elsewhere.
      fc.oneof(fc.constantFrom('2027-03-25', '2027-03-10', '2027-04-28', '2027-09-03', '2027-10-28', '2027-11-05', '2027-04-02'), date),
      fc.integer({ min: 1, max: 9 * 24 * 4 }),
      (name, entries, from, quarters) => {
        const zone = zoneOf(name);
        const span = { from: at(from), to: at(from) + quarters * 15 * MINUTE };
        const found = spansOf({ entries, instances: [] }, zone, span);
        let last = Number.NEGATIVE_INFINITY;
        for (const one of found) {
          expect(one.from).toBeGreaterThan(last);
          expect(one.to).toBeGreaterThan(one.from);
          last = one.to;
        }
        expect(found.length === 0 || (found[0]?.from ?? 0) >= span.from).toBe(true);
        expect(last <= span.to).toBe(true);
        for (let moment = span.from; moment < span.to; moment += 15 * MINUTE) {
          const wall = moment + zone.offsetAt(moment);
          if (isWithin(found, moment) !== entries.some((one) => isMeant(one, wall))) {
            throw new Error(`${new Date(moment).toISOString()} in ${name} by ${entries.join(' | ')}`);
          }
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('spans that touch become one, whatever their order', () => {
  const some = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 })).map(([from, to]) => ({ from, to })),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(some, fc.integer({ min: 0, max: 50 }), (list, moment) => {
      expect(isWithin(merged(list), moment)).toBe(list.some(({ from, to }) => from <= moment && moment < to));
    }),
  );
});
