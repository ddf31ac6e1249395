import { expect, test } from 'vitest';
import { deltaText } from './delta.ts';

test.each([
  [1_000, 73_000, '+1 m 12 s'],
  [5_000, 2_000, '−3 s'],
  [7, 7, '±0'],
  [null, 7, ''],
  [7, null, ''],
])('from %s ms to %s ms is %s', (a, b, words) => {
  expect(deltaText(a, b)).toBe(words);
});
