import { expect, test } from 'vitest';
import { durationTrend, rateTrend } from './trend.ts';

test('a rate that rose is better, a duration that rose is not', () => {
  expect(rateTrend(98.24, 97.8)).toEqual({ up: true, by: '0.4', better: true });
  expect(durationTrend(12_000, 10_000)).toEqual({ up: true, by: '2 s', better: false });
  expect(durationTrend(8_000, 10_000)).toEqual({ up: false, by: '2 s', better: true });
});

test('what did not move, or has nothing before it, shows no trend', () => {
  expect([rateTrend(98.24, 98.21), rateTrend(98, null), durationTrend(10_050, 10_000), durationTrend(null, 10)]).toEqual([
    null,
    null,
    null,
    null,
  ]);
});
