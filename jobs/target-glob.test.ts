import { expect, test } from 'vitest';
import { globPattern, isGlob } from './target-glob.ts';

test.each([
  ['web-*', ['web-', 'web-1', 'web-a.b'], ['db-web-1', 'web']],
  ['web-?', ['web-1'], ['web-', 'web-12']],
  ['web-[0-4]', ['web-0', 'web-4'], ['web-5', 'web-[']],
  ['web-[!0-4]', ['web-5', 'web-a'], ['web-0']],
  ['a.b', ['a.b'], ['axb']],
  ['web-[', ['web-['], ['web-1']],
  ['core(1)+', ['core(1)+'], ['core1']],
])('%s matches %j and not %j', (glob, yes, no) => {
  const pattern = new RegExp(globPattern(glob));
  expect(yes.filter((name) => !pattern.test(name))).toEqual([]);
  expect(no.filter((name) => pattern.test(name))).toEqual([]);
});

test('a name without signs is not a glob', () => {
  expect(['web-1', 'a.b_c'].some(isGlob)).toBe(false);
  expect(['web-*', 'web-?', 'web-[1]'].every(isGlob)).toBe(true);
});
