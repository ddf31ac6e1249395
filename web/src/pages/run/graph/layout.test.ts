import { expect, test } from 'vitest';
import { type Layout, neighbour, pathOf } from './layout.ts';

const at = (x: number, y: number) => ({ x, y });
const edge = (from: string, to: string) => ({ from, to, points: [] });
const layout: Layout = {
  width: 700,
  height: 300,
  nodes: new Map([
    ['a', at(0, 64)],
    ['b', at(224, 0)],
    ['c', at(224, 64)],
    ['d', at(224, 128)],
    ['e', at(448, 64)],
  ]),
  edges: [edge('a', 'b'), edge('a', 'd'), edge('a', 'c'), edge('b', 'e'), edge('d', 'e')],
};

test.each([
  ['a', 'ArrowRight', 'c'],
  ['b', 'ArrowRight', 'e'],
  ['e', 'ArrowLeft', 'b'],
  ['c', 'ArrowDown', 'd'],
  ['c', 'ArrowUp', 'b'],
  ['b', 'ArrowUp', null],
  ['c', 'ArrowRight', null],
  ['a', 'Enter', null],
  ['gone', 'ArrowRight', null],
])('from %s, %s leads to %s', (from, key, to) => {
  expect(neighbour(layout, from, key)).toBe(to);
});

test('an edge leaves and enters its nodes level, through the points between them', () => {
  expect(pathOf([at(0, 0), at(10, 20)])).toBe('M0,0 C5,0 5,20 10,20');
  expect(pathOf([at(0, 0), at(10, 20), at(20, 20)])).toBe('M0,0 C5,0 5,20 10,20 C15,20 15,20 20,20');
  expect(pathOf([])).toBe('');
});
