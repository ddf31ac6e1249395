import { expect, test } from 'vitest';
import { readOptions, requestOf, withOption } from './options.ts';

const now = Date.parse('2026-10-01T00:00:00Z');

test('what is filled in is sent in the API’s terms', () => {
  const { request, problems } = requestOf(
    { target: 'core-1', priority: '3', at: '2026-10-25T02:30', client: 'ACME', steps: ['a'] },
    'Europe/Berlin',
    now,
  );
  expect(problems).toEqual([]);
  expect(request).toEqual({ target: 'core-1', priority: 3, scheduled_for: '2026-10-25T00:30:00.000Z', client: 'ACME', steps: ['a'] });
});

test('a time that was, one the clocks skip, and a target that says nothing are told at their fields', () => {
  const of = (options: Parameters<typeof requestOf>[0]) => requestOf(options, 'Europe/Berlin', now).problems.map(({ pointer }) => pointer);
  expect(of({ at: '2026-09-30T12:00' })).toEqual(['/scheduled_for']);
  expect(of({ at: '2027-03-28T02:30' })).toEqual(['/scheduled_for']);
  expect(of({ target: 'a,,b' })).toEqual(['/target']);
});

test('emptied options are left out, and damaged ones are not taken over', () => {
  expect(withOption({ client: 'a', message: 'b' }, 'client', '')).toEqual({ message: 'b' });
  expect(readOptions({ client: 7, message: 'x', steps: ['a', 1] })).toEqual({ message: 'x', steps: ['a'] });
  expect(readOptions('x')).toEqual({});
});
