import { expect, test } from 'vitest';
import { cellText, typedTable } from './typed-table.ts';

test('a list of objects is a table whose columns have types', () => {
  const rows = [
    { port: 'ge-0', up: true, errors: 3 },
    { port: 'ge-1', up: false, errors: null, note: ['x'] },
  ];
  expect(typedTable(rows)).toEqual({
    columns: [
      { name: 'port', type: 'text' },
      { name: 'up', type: 'yes_no' },
      { name: 'errors', type: 'number' },
      { name: 'note', type: 'mixed' },
    ],
    rows,
  });
});

test.each([
  [[]],
  [[1, 2]],
  [{ a: 1 }],
  ['text'],
  [null],
  [[{}]],
  [[Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`c${n}`, n]))]],
])('%j is no table', (value) => {
  expect(typedTable(value as never)).toBeNull();
});

test('cells are text', () => {
  expect([null, undefined, 'a', true, [1, { b: 2 }]].map((one) => cellText(one as never))).toEqual(['', '', 'a', 'true', '[1,{"b":2}]']);
});
