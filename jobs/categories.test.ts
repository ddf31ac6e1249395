import { expect, test } from 'vitest';
import { categoryTree } from './categories.ts';

test('a category stands behind the one above it, with what is in it and below', () => {
  const tree = categoryTree([
    { category: 'b', jobs: 1 },
    { category: 'a/b/c', jobs: 2 },
    { category: 'a/b', jobs: 3 },
    { category: 'a-b', jobs: 4 },
  ]);
  expect(tree.map(({ path, depth, jobs, total }) => [path, depth, jobs, total])).toEqual([
    ['a', 0, 0, 5],
    ['a/b', 1, 3, 5],
    ['a/b/c', 2, 2, 2],
    ['a-b', 0, 4, 4],
    ['b', 0, 1, 1],
  ]);
});

test('a slash at the end or begin makes no endless tree', () => {
  expect(categoryTree([{ category: '/a/', jobs: 1 }]).map(({ path }) => path)).toContain('/a/');
});
