import { expect, test } from 'vitest';
import type { Json } from '#jobs/json.ts';
import { treeLines } from './tree.ts';

const all = () => true;
const shown = (value: Json, open: (path: string, depth: number) => boolean = all) =>
  treeLines(value, open).map(({ depth, name, says }) => `${' '.repeat(depth)}${name ?? ''}:${says}`);

test('an object and its lists are lines in their order, each under its parent', () => {
  expect(shown({ b: [1, 'x'], a: { deep: null }, c: true })).toEqual([
    ':{3}',
    ' b:[2]',
    '  0:1',
    '  1:x',
    ' a:{1}',
    '  deep:null',
    ' c:true',
  ]);
});

test('what is closed is one line, and what is empty does not open', () => {
  expect(shown({ b: [1, 2], c: {} }, (_, depth) => depth === 0)).toEqual([':{2}', ' b:[2]', ' c:{0}']);
  expect(treeLines({}, all)).toMatchObject([{ open: null }]);
});

test('a hostile value stays bounded: long lists, deep nesting, long and turned texts', () => {
  expect(
    treeLines(
      Array.from({ length: 30_000 }, (_, n) => n),
      all,
    ).length,
  ).toBe(10_002);
  let deep: Json = 1;
  for (let n = 0; n < 20_000; n += 1) deep = [deep];
  expect(treeLines(deep, all).length).toBe(20_001);
  const [line] = treeLines(`a\u202e${'x'.repeat(1_000_000)}`, all);
  expect(line?.says.length).toBeLessThan(300);
  expect(line?.says).toContain('⟨U+202E⟩');
  expect(line?.whole?.length).toBe(1_000_002);
});

test('every line has a place of its own, whatever names stand in the value', () => {
  const lines = treeLines({ 'a/b': 1, a: { b: 2 }, 'a~1b': 3, '…': [4], b: { '': 5 } }, all);
  expect(new Set(lines.map(({ path }) => path)).size).toBe(lines.length);
  expect(lines.find(({ name }) => name === 'a/b')).toMatchObject({ path: '/a~1b', place: 1, of: 5 });
});
