import { expect, test } from 'vitest';
import { markWords } from './marks.ts';

test.each([
  ['gap-skipped', { gap: 'skip' }, 'skipped: the clocks leave 02:30 out (gap: skip)'],
  ['shifted', {}, 'shifted: the clocks leave 02:30 out, so it starts as much later as they jump (gap: shift)'],
  ['fold-first', {}, 'twice: the clocks show 02:30 two times, only the first starts (fold: first)'],
  ['fold-second', { fold: 'second' }, 'twice: the clocks show 02:30 two times, only the second starts (fold: second)'],
  ['fold-first', { fold: 'both' }, 'twice: the clocks show 02:30 two times and both start; this is the first (fold: both)'],
  ['fold-second', { fold: 'both' }, 'twice: the clocks show 02:30 two times and both start; this is the second (fold: both)'],
  ['deferred', {}, 'put off: it was to be at 02:30, and a calendar has it wait'],
] as const)('%s under %j says so, and which policy decided', (mark, dst, words) => {
  expect(markWords(mark, '2027-03-28T02:30', dst)).toBe(words);
});
