import { expect, test } from 'vitest';
import { instantText, instantTitle, zoneName } from './instant.ts';

const now = new Date('2026-10-25T12:00:00Z');

test('a time of today shows its clock and zone only', () => {
  expect(instantText('2026-10-25T01:00:03Z', now, 'Europe/Berlin')).toBe('02:00:03 CET');
});

test('both sides of a clock change name their own zone', () => {
  expect(instantText('2026-10-25T00:30:00Z', now, 'Europe/Berlin')).toBe('02:30:00 CEST');
  expect(instantText('2026-10-25T01:30:00Z', now, 'Europe/Berlin')).toBe('02:30:00 CET');
});

test('another day, in the reader’s zone, is named', () => {
  expect(instantText('2026-10-24T21:59:59Z', now, 'Europe/Berlin')).toBe('24 Oct 23:59:59 CEST');
  expect(instantText('2026-10-24T22:00:00Z', now, 'Europe/Berlin')).toBe('00:00:00 CEST');
});

test('another year is named too', () => {
  expect(instantText('2025-12-31T22:59:59Z', now, 'Europe/Berlin')).toBe('31 Dec 2025 23:59:59 CET');
});

test.each([
  ['America/New_York', 'EDT'],
  ['Asia/Kolkata', 'UTC+5:30'],
  ['UTC', 'UTC'],
  ['Europe/London', 'BST'],
  ['Australia/Sydney', 'AEDT'],
])('%s is called %s', (zone, name) => {
  expect(zoneName(new Date('2026-10-20T00:00:00Z'), zone)).toBe(name);
});

test('the long form says the reader’s zone, the run’s and UTC', () => {
  expect(instantTitle('2026-10-25T00:30:00Z', 'Europe/Berlin', 'America/New_York')).toBe(
    '2026-10-25 02:30:00 CEST (Europe/Berlin)\n2026-10-24 20:30:00 EDT (America/New_York)\n2026-10-25T00:30:00.000Z',
  );
});

test('what is no time is shown as it came', () => {
  expect(instantText('soon', now, 'UTC')).toBe('soon');
});
