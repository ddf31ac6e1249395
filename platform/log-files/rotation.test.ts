import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFull, nextNumber } from './rotation.ts';

test.each([
  [0, 10, 5, false],
  [1, 4, 5, false],
  [1, 5, 5, true],
  [5, 1, 5, true],
])('a file of %i bytes that %i are added to is full at %i: %s', (size, adding, limit, full) => {
  expect(isFull(size, adding, limit)).toBe(full);
});

describe('the next number of a closed file', () => {
  test.each([
    [[], 1],
    [['x.log'], 1],
    [['x.log.1', 'x.log.2.gz', 'x.log'], 3],
    [['x.log.10.gz', 'x.log.9'], 11],
    [['x.log.gz', 'xx.log.7', 'x.log.4x', 'x.log.5.tmp'], 1],
  ])('beside %j is %i', (beside, number) => expect(nextNumber('x.log', beside)).toBe(number));

  test('is never one that is taken', () => {
    const name = fc.tuple(fc.integer({ min: 1, max: 50 }), fc.boolean()).map(([n, gz]) => `x.log.${n}${gz ? '.gz' : ''}`);
    fc.assert(
      fc.property(fc.array(name), (beside) => {
        const next = nextNumber('x.log', beside);
        return !beside.includes(`x.log.${next}`) && !beside.includes(`x.log.${next}.gz`);
      }),
    );
  });
});
