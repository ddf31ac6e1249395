import { expect, test } from 'vitest';
import { planned, step } from '../../../testing/steps.ts';
import { stepRows } from '../rows.ts';
import { countsWords, inOrder, matrixOf, totalOf, worstFirst } from './matrix.ts';

const plan = [planned('fetch'), planned('show'), planned('store'), planned('note')];
const on = (key: string, target: string, status: Parameters<typeof step>[1], more = {}) => step(key, status, { target, ...more });
const targets = ['edge-1', 'edge-2', 'edge-10'];
const rows = stepRows(plan, [
  step('fetch', 'completed'),
  step('show', 'running', { targets }),
  on('show[0]', 'edge-1', 'completed', { kept_from: 'r0' }),
  on('show[1]', 'edge-2', 'failed'),
  on('store', 'edge-1', 'running'),
]);
const seen = (matrix = matrixOf(rows)) => matrix.hosts.map(({ host, cells }) => [host, ...cells.map((cell) => cell?.status ?? null)]);

test('hosts are rows and what was carried out on them columns; what has not begun there is to come', () => {
  expect(matrixOf(rows).columns.map(({ id }) => id)).toEqual(['show', 'store']);
  expect(seen()).toEqual([
    ['edge-1', 'completed', 'running'],
    ['edge-2', 'failed', null],
    ['edge-10', 'pending', null],
  ]);
});

test('of several parts on one host the worst is shown, and how many there are', () => {
  const several = stepRows(plan, [
    step('show', 'failed', { parts: 3 }),
    on('show[0]', 'a', 'completed'),
    on('show[1]', 'a', 'timed_out'),
    on('show[2]', 'b', 'completed'),
  ]);
  const [first] = matrixOf(several).hosts;
  expect(first?.cells[0]).toMatchObject({ status: 'timed_out', count: 2, row: { key: 'show[1]' } });
});

test('items without a host are rows by their names', () => {
  const items = stepRows(plan, [step('show', 'running', { parts: 2 }), step('show[0]', 'running', { item: 'ACME' })]);
  expect(seen(matrixOf(items))).toEqual([['ACME', 'running']]);
});

test('the worst hosts come first, others by their names as people count', () => {
  expect(worstFirst(matrixOf(rows).hosts).map(({ host }) => host)).toEqual(['edge-2', 'edge-1', 'edge-10']);
});

test('an order that was made stays while statuses change, and new hosts come last', () => {
  const order = new Map([
    ['edge-10', 0],
    ['edge-1', 1],
  ]);
  expect(inOrder(matrixOf(rows).hosts, order).map(({ host }) => host)).toEqual(['edge-10', 'edge-1', 'edge-2']);
});

test('totals are told in words, and by the worst status there is', () => {
  const [show] = matrixOf(rows).columns;
  expect(countsWords(show?.counts ?? {})).toBe('1 pending, 1 completed, 1 failed');
  expect(totalOf(show?.counts ?? {})).toEqual({ status: 'failed', count: 1 });
  expect(totalOf({})).toBeNull();
});
