import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPosixTz } from './posix-tz.ts';

const HOUR = 3_600_000;
const at = (text: string): number => Date.parse(text);
const shown = (text: string, moment: string): string => {
  const { offsetMs, abbreviation } = readPosixTz(text)(at(moment));
  return `${offsetMs / HOUR} ${abbreviation}`;
};

test.each([
  ['no summer time', 'EST5', '2027-07-01T00:00:00Z', '-5 EST'],
  ['a name of digits', '<+0545>-5:45', '2027-07-01T00:00:00Z', '5.75 +0545'],
  ['the last second of winter', 'CET-1CEST,M3.5.0,M10.5.0/3', '2027-03-28T00:59:59Z', '1 CET'],
  ['the first of summer', 'CET-1CEST,M3.5.0,M10.5.0/3', '2027-03-28T01:00:00Z', '2 CEST'],
  ['the last of summer', 'CET-1CEST,M3.5.0,M10.5.0/3', '2027-10-31T00:59:59Z', '2 CEST'],
  ['the first of winter', 'CET-1CEST,M3.5.0,M10.5.0/3', '2027-10-31T01:00:00Z', '1 CET'],
  ['a summer over the turn of the year', 'AEST-10AEDT,M10.1.0,M4.1.0/3', '2027-01-01T00:00:00Z', '11 AEDT'],
  ['the winter between two such', 'AEST-10AEDT,M10.1.0,M4.1.0/3', '2027-06-01T00:00:00Z', '10 AEST'],
  ['a summer that is behind the winter', 'IST-1GMT0,M10.5.0,M3.5.0/1', '2027-01-01T00:00:00Z', '0 GMT'],
  ['half an hour of summer', '<+1030>-10:30<+11>-11,M10.1.0,M4.1.0', '2027-01-01T00:00:00Z', '11 +11'],
  ['a time before midnight, before', '<-02>2<-01>,M3.5.0/-1,M10.5.0/0', '2027-03-28T00:59:59Z', '-2 -02'],
  ['a time before midnight, from then on', '<-02>2<-01>,M3.5.0/-1,M10.5.0/0', '2027-03-28T01:00:00Z', '-1 -01'],
  ['a time two days later, before', 'EET-2EEST,M3.4.4/50,M10.4.4/50', '2027-03-26T23:59:59Z', '2 EET'],
  ['a time two days later, from then on', 'EET-2EEST,M3.4.4/50,M10.4.4/50', '2027-03-27T00:00:00Z', '3 EEST'],
  ['a week before a day, into the year before', 'AAA0BBB,J3/-167,J200', '2026-12-27T01:00:00Z', '1 BBB'],
  ['a week after a day, into the year after', 'AAA0BBB,J200,J365/167', '2027-01-06T21:59:59Z', '1 BBB'],
  ['and then its end', 'AAA0BBB,J200,J365/167', '2027-01-06T22:00:00Z', '0 AAA'],
  ['seconds', 'LMT0:01:15', '2027-01-01T00:00:00Z', `${-75 / 3600} LMT`],
  ['a day that never counts 29 February, in a leap year', 'AAA0BBB,J60/0,J300/0', '2028-03-01T00:00:00Z', '1 BBB'],
  ['and the day before', 'AAA0BBB,J60/0,J300/0', '2028-02-29T23:59:59Z', '0 AAA'],
  ['a day that counts it, in a leap year', 'AAA0BBB,59/0,J300/0', '2028-02-29T00:00:00Z', '1 BBB'],
  ['a day that counts it, in a common year', 'AAA0BBB,59/0,J300/0', '2027-02-28T23:59:59Z', '0 AAA'],
  ['the fifth Monday of a month that has four', 'AAA0BBB,M2.5.1/0,J300/0', '2027-02-22T00:00:00Z', '1 BBB'],
  ['29 February as the last Tuesday', 'AAA0BBB,M2.5.2/0,J300/0', '2028-02-28T23:59:59Z', '0 AAA'],
  ['a year before the hundredth', 'CET-1CEST,M3.5.0,M10.5.0/3', '0070-07-01T00:00:00Z', '2 CEST'],
])('%s: %s at %s is %s', (_, text, moment, expected) => {
  expect(shown(text, moment)).toBe(expected);
});

describe.each(['EST5EDT,0/0,J365/25', 'XXX3EDT4,0/0,J365/23', 'XXX3EDT4,J1/0,J1/-1'])('summer time all year, %s,', (text) => {
  test.each(['2027-12-31T23:59:59Z', '2028-01-01T03:00:00Z', '2028-01-01T05:00:00Z', '2028-12-31T12:00:00Z', '2029-01-01T04:59:59Z'])(
    'is never interrupted: %s',
    (moment) => {
      expect(shown(text, moment)).toBe('-4 EDT');
    },
  );
});

test.each([
  '',
  'Europe/Berlin',
  'EST',
  'EST5EDT',
  'CET-1CEST,M3.5.0',
  'CET-1CEST,M13.5.0,M10.5.0/3',
  'CET-1CEST,M3.6.0,M10.5.0/3',
  'CET-1CEST,M3.5.7,M10.5.0/3',
  'CET-1CEST,J0,J300',
  'CET-1CEST,J366,J300',
  'CET-1CEST,366,J300',
  'CET-1CEST,M3.5.0/168,M10.5.0/3',
  'CET-1CEST,M3.5.0/2:60,M10.5.0/3',
  'CET-25',
  'CET-1CEST,M3.5.0,M10.5.0/3 ',
  'C1',
])('%j is refused', (text) => {
  expect(() => readPosixTz(text)).toThrow(JSON.stringify(text));
});

test.each([Number.NaN, Infinity, -Infinity, 9e15])('%d is no moment', (moment) => {
  expect(() => readPosixTz('CET-1CEST,M3.5.0,M10.5.0/3')(moment)).toThrow(RangeError);
});

const hours = (min: number, max: number) => fc.integer({ min: min * 60, max: max * 60 }).map((minutes) => time(minutes));
const time = (minutes: number): string =>
  `${minutes < 0 ? '-' : ''}${Math.floor(Math.abs(minutes) / 60)}:${String(Math.abs(minutes) % 60).padStart(2, '0')}`;
const day = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 6 })).map((m) => `M${m.join('.')}`),
  fc.integer({ min: 1, max: 365 }).map((n) => `J${n}`),
  fc.integer({ min: 0, max: 365 }).map(String),
);

test('whatever the rule, stretches follow one another without gap, and every moment lies in its own', () => {
  const rule = fc
    .record({
      standard: hours(-14, 14),
      summer: hours(-14, 14),
      start: day,
      startTime: hours(-167, 167),
      end: day,
      endTime: hours(-167, 167),
    })
    .map((r) => `AAA${r.standard}BBB${r.summer},${r.start}/${r.startTime},${r.end}/${r.endTime}`);
  fc.assert(
    fc.property(rule, fc.integer({ min: at('1890-01-01T00:00:00Z'), max: at('2400-01-01T00:00:00Z') }), (text, moment) => {
      const forEver = readPosixTz(text);
      const stretch = forEver(moment);
      expect(stretch.from <= moment && moment < stretch.to).toBe(true);
      const { offsetMs, abbreviation } = stretch;
      for (const inside of [stretch.to - 1, Math.max(stretch.from, moment - 400 * 24 * HOUR)]) {
        expect(forEver(inside)).toMatchObject({ offsetMs, abbreviation });
      }
    }),
  );
});
