import { expect, test } from 'vitest';
import { jumpViolation } from './jump-chains.ts';

const chain = (...names: readonly string[]) => new Map(names.slice(1).map((name, at) => [names[at] ?? '', name]));

test('a way of five jumps is gone, one of six is refused with its path', () => {
  expect(jumpViolation('t', chain('t', 'a', 'b', 'c', 'd', 'e'))).toBeNull();
  expect(jumpViolation('t', chain('t', 'a', 'b', 'c', 'd', 'e', 'f'))).toBe('the way is longer than 5 jumps: t → a → b → c → d → e → f');
});

test('a circle is named, wherever it closes', () => {
  expect(jumpViolation('t', new Map([['t', 't']]))).toBe('the jumps go in a circle: t → t');
  expect(jumpViolation('t', chain('t', 'a', 'b', 't'))).toBe('the jumps go in a circle: t → a → b → t');
  expect(jumpViolation('t', chain('t', 'a', 'b', 'a'))).toBe('the jumps go in a circle: t → a → b → a');
});
