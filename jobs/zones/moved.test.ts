import { expect, test } from 'vitest';
import { movedZones } from './moved.ts';
import type { Release } from './release.ts';
import { tzifOf } from './tzif.fixture.ts';

const at = (text: string): number => Date.parse(text);
const [FROM, TO] = [at('2027-01-01T00:00:00Z'), at('2029-01-01T00:00:00Z')];

/** A release of zones that have one rule for ever. */
const release = (rules: { readonly [zone: string]: string }, aliases: { readonly [alias: string]: string } = {}): Release => ({
  version: 'test',
  files: new Map(Object.entries(rules).map(([zone, footer]) => [zone, tzifOf({ types: [[0, '-00']], transitions: [], footer })])),
  aliases: new Map(Object.entries(aliases)),
});

const moved = (before: Release, after: Release) =>
  movedZones(before, after, FROM, TO).map(({ names, moved: stretches }) => [
    names.join(' '),
    ...stretches.map((one) => {
      const clocks = [one.before, one.after].map((shown) => (shown ? `${shown.offsetMs / 3_600_000} ${shown.abbreviation}` : 'none'));
      return `${[one.from, one.to].map((moment) => new Date(moment).toISOString().slice(0, 13)).join('/')} ${clocks.join(' -> ')}`;
    }),
  ]);

test('a release that is the same moves nothing', () => {
  const one = release({ 'A/A': 'CET-1CEST,M3.5.0,M10.5.0/3' });
  expect(moved(one, one)).toEqual([]);
});

test('a summer time that ends for ever is the summers that are left', () => {
  expect(moved(release({ 'A/A': 'CET-1CEST,M3.5.0,M10.5.0/3' }), release({ 'A/A': 'CET-1' }))).toEqual([
    ['A/A', '2027-03-28T01/2027-10-31T01 2 CEST -> 1 CET', '2028-03-26T01/2028-10-29T01 2 CEST -> 1 CET'],
  ]);
});

test('another hour of the change is that hour, twice a year', () => {
  expect(moved(release({ 'A/A': 'EET-2EEST,M3.5.0/2,J300' }), release({ 'A/A': 'EET-2EEST,M3.5.0/3,J300' }))).toEqual([
    ['A/A', '2027-03-28T00/2027-03-28T01 3 EEST -> 2 EET', '2028-03-26T00/2028-03-26T01 3 EEST -> 2 EET'],
  ]);
});

test('zones that change alike stand together, with their other names', () => {
  const before = release({ 'A/A': 'AAA0', 'A/B': 'AAA0', 'A/C': 'AAA0' }, { 'Old/A': 'A/A' });
  const after = release({ 'A/A': 'BBB-1', 'A/B': 'BBB-1', 'A/C': 'AAA0' }, { 'Old/A': 'A/A' });
  expect(moved(before, after)).toEqual([['A/A A/B Old/A', '2027-01-01T00/2029-01-01T00 0 AAA -> 1 BBB']]);
});

test('an alias that becomes a zone of its own, or the other way round, moves only where its clocks do', () => {
  const before = release({ 'A/A': 'AAA0' }, { 'A/B': 'A/A' });
  expect(moved(before, release({ 'A/A': 'AAA0', 'A/B': 'AAA0' }))).toEqual([]);
  expect(moved(before, release({ 'A/A': 'AAA0', 'A/B': 'BBB-1' }))).toEqual([['A/B', '2027-01-01T00/2029-01-01T00 0 AAA -> 1 BBB']]);
});

test('a zone that is new or gone is said so once, whatever its clocks', () => {
  const [without, having] = [release({ 'A/A': 'AAA0' }), release({ 'A/A': 'AAA0', 'A/B': 'CET-1CEST,M3.5.0,M10.5.0/3' })];
  expect(moved(without, having)).toEqual([['A/B', '2027-01-01T00/2029-01-01T00 none -> 1 CET']]);
  expect(moved(having, without)).toEqual([['A/B', '2027-01-01T00/2029-01-01T00 1 CET -> none']]);
});

test('another name of the same clocks is no move', () => {
  expect(moved(release({ 'A/A': 'AAA0' }), release({ 'A/A': 'BBB0' }))).toEqual([]);
});
