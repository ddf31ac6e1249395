import fc from 'fast-check';
import { expect, test } from 'vitest';
import { percentile } from './percentile.ts';

test.each([
  [[], 0.5, null],
  [[{ bucket: -1, runs: 9 }], 0.5, null],
  [[{ bucket: 10, runs: 4 }], 0.5, 1536],
  [
    [
      { bucket: 0, runs: 1 },
      { bucket: 4, runs: 1 },
    ],
    0.5,
    2,
  ],
  [
    [
      { bucket: 4, runs: 1 },
      { bucket: 0, runs: 99 },
    ],
    0.99,
    2,
  ],
])('of %j the share %d takes at most %j', (counts, share, ms) => {
  expect(percentile(counts, share)).toBe(ms);
});

test('it is never further from the truth than the power of two it lies in', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 10_000_000 }), { minLength: 1, maxLength: 200 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (durations, share) => {
        const byBucket = Map.groupBy(durations, (ms) => Math.floor(Math.log2(ms)));
        const guess = percentile(
          [...byBucket].map(([bucket, all]) => ({ bucket, runs: all.length })),
          share,
        );
        const truth = durations.toSorted((a, b) => a - b)[Math.ceil(share * durations.length - 1e-9) - 1] ?? 0;
        const low = 2 ** Math.floor(Math.log2(truth));
        expect(guess).toBeGreaterThanOrEqual(low);
        expect(guess).toBeLessThanOrEqual(2 * low);
      },
    ),
  );
});
