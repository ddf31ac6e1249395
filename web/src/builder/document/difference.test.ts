import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonical } from '#jobs/canonical.ts';
import type { Json } from '#jobs/json.ts';
import { difference } from './difference.ts';
import { applied } from './edit.ts';

const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Json>('a', 'b', 1, null, true),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('k', 'l', 'm'), tie('value'), { maxKeys: 3 }) as fc.Arbitrary<Json>,
  ),
}));

test('the edits between two values make the one into the other', () => {
  fc.assert(
    fc.property(value, value, (before, after) => {
      const made = difference(['x'], before, after).reduce(applied, { x: before });
      expect(canonical(made)).toBe(canonical({ x: after }));
    }),
    { numRuns: 2000 },
  );
});

test.each<readonly [string, Json, Json, string]>([
  ['a list that has one more', ['a', 'b'], ['a', 'c', 'b'], 'insert'],
  ['a list that has one less', ['a', 'b', 'c'], ['a', 'c'], 'remove'],
  ['an item that went down', ['a', 'b', 'c'], ['b', 'c', 'a'], 'move'],
  ['an item that went up', ['a', 'b', 'c'], ['c', 'a', 'b'], 'move'],
  ['a key that is called otherwise', { A: 'v', B: 1 }, { C: 'v', B: 1 }, 'rename'],
  ['one value deep inside', { a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 3 }] } }, 'set'],
])('%s is one edit', (_says, before, after, kind) => {
  expect(difference([], before, after).map((edit) => edit.kind)).toEqual([kind]);
});
