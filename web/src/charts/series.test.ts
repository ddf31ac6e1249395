import { expect, test } from 'vitest';
import { rangeOf, stacked } from './series.ts';

const series = (...values: (number | null)[]) => ({ id: 'a', name: 'A', tone: 'failed', values }) as const;

test('the first series stands on top of those after it, and nothing counts as none', () => {
  expect(stacked([series(1, null), series(2, 3), series(4, 5)])).toEqual([
    [7, 8],
    [6, 8],
    [4, 5],
  ]);
});

test('a range holds its last bucket whole, whichever end was chosen first', () => {
  const times = [0, 10, 20, 30];
  expect(rangeOf(times, 10, 1, 2)).toEqual({ from: 10, to: 30 });
  expect(rangeOf(times, 10, 2, 1)).toEqual({ from: 10, to: 30 });
});
