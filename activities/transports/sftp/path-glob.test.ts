import { expect, test } from 'vitest';
import { pathGlob, splitGlob } from './path-glob.ts';

test.each([
  ['*.conf', ['a.conf', 'x/y/b.conf'], ['a.conf.bak', 'aconf']],
  ['etc/*.conf', ['etc/a.conf'], ['etc/x/a.conf', 'x/etc/a.conf']],
  ['/*.conf', ['a.conf'], ['x/a.conf']],
  ['etc/**', ['etc/a', 'etc/x/b'], ['etc', 'etcetera']],
  ['**/b', ['b', 'x/b', 'x/y/b'], ['ab']],
  ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['ab', 'a/bc']],
  ['file?.txt', ['file1.txt', 'fileä.txt'], ['file.txt', 'file12.txt', 'file/.txt']],
  ['[a-c]x', ['ax', 'cx'], ['dx', '-x']],
  ['[!a-c]x', ['dx'], ['ax']],
  ['{one,two}.{tar,gz}', ['one.tar', 'two.gz'], ['one.zip', 'three.tar']],
  ['a,b', ['a,b'], ['a', 'b']],
  ['a\\*b', ['a*b'], ['axb']],
  ['1+1=(2).$', ['1+1=(2).$'], ['11=2.']],
  ['two\nlines*', ['two\nlines!'], []],
])('%s matches what it means', (glob, yes, no) => {
  const { matches } = pathGlob(glob);
  expect(yes.filter((path) => !matches(path))).toEqual([]);
  expect(no.filter(matches)).toEqual([]);
});

test('a glob that takes exponential time elsewhere takes none here', () => {
  expect(pathGlob(`${'*a'.repeat(30)}b`).matches('a'.repeat(5000))).toBe(false);
});

test('what is no glob is refused', () => {
  expect(() => pathGlob('{a,b')).toThrow(/a \{ without its \}/);
});

test('a glob begins in the directories it names outright', () => {
  expect(splitGlob('etc/conf.d/*.conf')).toEqual({ base: 'etc/conf.d', rest: '/*.conf' });
  expect(splitGlob('/srv/**/x')).toEqual({ base: '/srv', rest: '/**/x' });
  expect(splitGlob('*.tar')).toEqual({ base: '.', rest: '/*.tar' });
});
