import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { zoneData } from '#platform/zone-data.ts';
import { type TzifContent, tzifOf } from './tzif.fixture.ts';
import { readTzif } from './tzif.ts';
import { zoneOf } from './zone-of.ts';

const HOUR = 3_600_000;
const at = (text: string): number => Date.parse(text);
const madeUp = (content: Partial<TzifContent>): Uint8Array => tzifOf({ types: [[0, 'UTC']], transitions: [], footer: 'UTC0', ...content });

const BERLIN_LIKE = zoneOf(
  'Test/Berlin',
  readTzif(
    tzifOf({
      types: [
        [3208, 'LMT'],
        [3600, 'CET'],
        [7200, 'CEST'],
      ],
      transitions: [
        [at('1893-03-31T23:06:32Z') / 1000, 1],
        [at('2026-03-29T01:00:00Z') / 1000, 2],
        [at('2026-10-25T01:00:00Z') / 1000, 1],
      ],
      footer: 'CET-1CEST,M3.5.0,M10.5.0/3',
    }),
  ),
);

test.each([
  ['before the first transition the first type holds', '1800-01-01T00:00:00Z', 3_208_000, 'LMT'],
  ['a transition holds from its second on', '2026-03-29T01:00:00Z', 2 * HOUR, 'CEST'],
  ['and not before', '2026-03-29T00:59:59.999Z', HOUR, 'CET'],
  ['the last transition of the table', '2026-10-25T01:00:00Z', HOUR, 'CET'],
  ['after it the footer goes on, in winter', '2027-01-01T00:00:00Z', HOUR, 'CET'],
  ['in summer', '2027-07-01T00:00:00Z', 2 * HOUR, 'CEST'],
  ['and for ever', '2999-07-01T00:00:00Z', 2 * HOUR, 'CEST'],
])('%s', (_, moment, offset, abbreviation) => {
  expect(BERLIN_LIKE.offsetAt(at(moment))).toBe(offset);
  expect(BERLIN_LIKE.abbreviationAt(at(moment))).toBe(abbreviation);
});

test('transitions come from the table and from the footer, from the first moment on and before the last', () => {
  const listed = (from: string, to: string) => BERLIN_LIKE.transitions(at(from), at(to)).map((one) => new Date(one.at).toISOString());
  expect(listed('2026-03-29T01:00:00Z', '2027-10-31T01:00:00Z')).toEqual([
    '2026-03-29T01:00:00.000Z',
    '2026-10-25T01:00:00.000Z',
    '2027-03-28T01:00:00.000Z',
  ]);
  expect(listed('2026-03-29T01:00:00.001Z', '2026-10-25T01:00:00Z')).toEqual([]);
  expect(BERLIN_LIKE.transitions(at('2027-03-01T00:00:00Z'), at('2027-04-01T00:00:00Z'))).toEqual([
    { at: at('2027-03-28T01:00:00Z'), offsetMs: 2 * HOUR, beforeMs: HOUR },
  ]);
});

test('transitions of an endless time are refused', () => {
  expect(() => BERLIN_LIKE.transitions(0, Infinity)).toThrow('not from 0 to Infinity');
});

test('a change of the name alone is no transition', () => {
  const file = madeUp({
    types: [
      [3600, 'AAA'],
      [3600, 'BBB'],
    ],
    transitions: [[1000, 1]],
    footer: 'BBB-1',
  });
  const zone = zoneOf('Test/Names', readTzif(file));
  expect(zone.transitions(0, 2_000_000)).toEqual([]);
  expect([zone.abbreviationAt(999_999), zone.abbreviationAt(1_000_000)]).toEqual(['AAA', 'BBB']);
});

test('without a footer the last type holds for ever', () => {
  const zone = zoneOf(
    'Test/None',
    readTzif(
      madeUp({
        types: [
          [0, 'AAA'],
          [3600, 'BBB'],
        ],
        transitions: [[1000, 1]],
        footer: '',
      }),
    ),
  );
  expect(zone.offsetAt(at('2500-01-01T00:00:00Z'))).toBe(HOUR);
});

test('without a transition the footer has always held', () => {
  const zone = zoneOf('Test/Footer', readTzif(madeUp({ types: [[0, 'UTC']], footer: 'CET-1CEST,M3.5.0,M10.5.0/3' })));
  expect(zone.offsetAt(at('1800-07-01T00:00:00Z'))).toBe(2 * HOUR);
});

test('a file that lies within a larger piece of memory is read from its own bytes', () => {
  const file = madeUp({ types: [[3600, 'AAA']], footer: 'AAA-1' });
  const larger = new Uint8Array(file.length + 20).fill(7);
  larger.set(file, 10);
  expect(zoneOf('Test/Part', readTzif(larger.subarray(10, 10 + file.length))).offsetAt(0)).toBe(HOUR);
});

describe('what is no such file is refused:', () => {
  test.each([
    ['nothing', new Uint8Array(), 'no TZif header at byte 0'],
    ['other bytes', new Uint8Array(200), 'no TZif header at byte 0'],
    ['version 1', madeUp({ version: 1 }), 'version 1 has no 64-bit times'],
    ['leap seconds', madeUp({ leaps: 1 }), 'counts leap seconds'],
    ['no type', madeUp({ types: [] }), 'no local time type'],
    [
      'times that do not ascend',
      madeUp({
        transitions: [
          [5, 0],
          [5, 0],
        ],
      }),
      'do not ascend at number 2',
    ],
    ['a type that is not there', madeUp({ transitions: [[5, 1]] }), 'transition 1 of the TZif file is to type 1 of 1'],
    ['a footer that is no rule', madeUp({ footer: 'nonsense' }), '"nonsense" is no POSIX TZ string'],
    ['no footer', madeUp({}).subarray(0, -2), 'no footer'],
    ['an end within the block', madeUp({ transitions: [[5, 0]] }).subarray(0, -15), 'ends within its 64-bit block'],
  ])('%s', (_, bytes, message) => {
    expect(() => readTzif(bytes)).toThrow(message);
  });
});

test('a damaged file is refused or read, and nothing else', () => {
  const file = madeUp({
    types: [
      [0, 'AAA'],
      [3600, 'BBB'],
    ],
    transitions: [
      [5, 1],
      [50, 0],
    ],
    footer: 'CET-1CEST,M3.5.0,M10.5.0/3',
  });
  fc.assert(
    fc.property(fc.nat(file.length - 1), fc.nat(255), fc.nat(file.length), (place, byte, length) => {
      const damaged = Uint8Array.from(file);
      damaged[place] = byte;
      try {
        zoneOf('Test/Damaged', readTzif(damaged.subarray(0, length))).transitions(0, at('2030-01-01T00:00:00Z'));
      } catch (error) {
        expect((error as Error).message).toMatch(/TZif|POSIX|beyond|no day of a year|no moment/);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('a zone knows its name as it was asked for, and an alias has the clocks of what it stands for', () => {
  const data = zoneData();
  const [kolkata, calcutta] = [data.zone('Asia/Kolkata'), data.zone('Asia/Calcutta')];
  expect([kolkata?.name, calcutta?.name, data.zone('Asia/Calcutta')]).toEqual(['Asia/Kolkata', 'Asia/Calcutta', calcutta]);
  expect(calcutta?.offsetAt(0)).toBe(5.5 * HOUR);
});

test('no offset is a negative zero', () => {
  const data = zoneData();
  for (const name of ['UTC', 'Europe/London', 'Africa/Abidjan', 'Etc/GMT'])
    expect(Object.is(data.zone(name)?.offsetAt(at('2027-01-01T00:00:00Z')), 0)).toBe(true);
});
