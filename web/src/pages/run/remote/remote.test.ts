import { expect, test } from 'vitest';
import { formatBytes, formatRate } from '../../../bytes.ts';
import { tableOf } from './parsed.ts';
import { doneOf, endsOf, leftOf } from './transfer.ts';

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [20 * 1024 ** 2, '20 MiB'],
  [1024 ** 3 * 1.25, '1.25 GiB'],
])('%d bytes read %s', (bytes, says) => {
  expect(formatBytes(bytes)).toBe(says);
});

test('a rate in bits is told in bytes', () => {
  expect(formatRate(8 * 1024 ** 2)).toBe('1 MiB/s');
});

const file = { operation_type: 'upload', file_size: 2000, bytes_transferred: 500, transfer_rate_bps: 4000, status: 'running' } as const;

test('a file on its way says how far it is and how long it takes still', () => {
  expect(doneOf(file)).toBe(0.25);
  expect(leftOf(file)).toBe(3000);
});

test('what cannot be known is not made up: no size, no rate, not on its way', () => {
  expect(doneOf({ ...file, file_size: null })).toBeNull();
  expect(leftOf({ ...file, file_size: null })).toBeNull();
  expect(leftOf({ ...file, transfer_rate_bps: 0 })).toBeNull();
  expect(leftOf({ ...file, status: 'failed' })).toBeNull();
  expect(doneOf({ ...file, file_size: 0, bytes_transferred: 0, status: 'completed' })).toBe(1);
});

test('the way of a file goes from where it is to where it comes', () => {
  const paths = { local_path: '/srv/a', remote_path: '/tmp/a' };
  expect(endsOf({ operation_type: 'upload', ...paths })).toEqual(['/srv/a', '/tmp/a']);
  expect(endsOf({ operation_type: 'download', ...paths })).toEqual(['/tmp/a', '/srv/a']);
  expect(endsOf({ operation_type: 'delete', local_path: null, remote_path: '/tmp/a' })).toEqual(['/tmp/a']);
});

test('parsed rows are a table over all their fields, lists and groups in one cell', () => {
  expect(
    tableOf([
      { vlan: '1', ports: ['Gi0/1', 'Gi0/2'] },
      { vlan: '2', name: 'users', peer: [{ id: 'x', age: null }] },
    ]),
  ).toEqual({
    columns: ['vlan', 'ports', 'name', 'peer'],
    rows: [
      ['1', 'Gi0/1, Gi0/2', '', ''],
      ['2', '', 'users', 'id x age '],
    ],
    more: 0,
  });
});

test('of many rows the first hundred are shown; other values are no table', () => {
  expect(tableOf(Array.from({ length: 250 }, (_, n) => ({ n })))).toMatchObject({ more: 150 });
  expect(tableOf([])).toBeNull();
  expect(tableOf({ diff: 'x' })).toBeNull();
  expect(tableOf(['text'])).toBeNull();
});

test('what a device says is bounded text in its cells, and what is too wide is no table', () => {
  const [row] = tableOf([{ name: `a\u202e${'x'.repeat(1_000_000)}` }])?.rows ?? [];
  expect(row?.[0]).toMatch(/^a⟨U\+202E⟩x+…$/);
  expect(row?.[0]?.length).toBeLessThan(320);
  expect(tableOf([Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`c${n}`, n]))])).toBeNull();
});
