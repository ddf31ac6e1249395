import { expect, test } from 'vitest';
import { abbreviationWords, wallClock, wallWords } from './wall.ts';

test.each([
  ['2027-03-28T03:30:00+02:00', 'Sun 28 Mar 2027 03:30'],
  ['2026-10-25T02:30:05+01:00', 'Sun 25 Oct 2026 02:30:05'],
  ['2027-03-28T02:30', 'Sun 28 Mar 2027 02:30'],
  ['2028-02-29', 'Tue 29 Feb 2028'],
  ['soon', 'soon'],
])('the wall showing %s is said as %s, wherever the reader is', (text, words) => {
  expect(wallWords(text)).toBe(words);
});

test('the year of today goes without saying', () => {
  expect(wallWords('2027-03-28T03:30:00+02:00', 2027)).toBe('Sun 28 Mar 03:30');
  expect(wallWords('2028-03-28T03:30:00+02:00', 2027)).toBe('Tue 28 Mar 2028 03:30');
});

test('a clock and what it is called', () => {
  expect(wallClock('2027-03-28T03:30:00+02:00')).toBe('03:30');
  expect([abbreviationWords('CEST'), abbreviationWords('-03')]).toEqual(['CEST', 'UTC−03']);
});
