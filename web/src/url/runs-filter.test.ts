import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RUN_STATUSES } from '#jobs/run-state.ts';
import { matchesFilter, NO_FILTER, parseRunsFilter, runsSearch } from './runs-filter.ts';

const filters = fc.record({
  status: fc.subarray([...RUN_STATUSES]),
  job: fc.string({ maxLength: 60, unit: 'grapheme' }),
  client: fc.string({ maxLength: 60 }),
  ref_num: fc.string({ maxLength: 60 }),
});

test('any filter written into the URL is read back unchanged', () => {
  fc.assert(
    fc.property(filters, (filter) => {
      expect(parseRunsFilter(`?${runsSearch(filter)}`)).toEqual({ filter, dropped: [] });
    }),
  );
});

test('two filters never share a URL', () => {
  fc.assert(
    fc.property(filters, filters, (one, other) => {
      const same = JSON.stringify(one) === JSON.stringify(other);
      expect(runsSearch(one) === runsSearch(other)).toBe(same);
    }),
  );
});

test('a status nobody knows is dropped and named, the others stay', () => {
  expect(parseRunsFilter('?status=failed,exploded')).toEqual({
    filter: { ...NO_FILTER, status: ['failed'] },
    dropped: ['status=exploded'],
  });
});

test('an overlong text is dropped and named', () => {
  expect(parseRunsFilter(`?job=${'x'.repeat(201)}`)).toEqual({ filter: NO_FILTER, dropped: ['job=…'] });
});

test('a list of statuses stays readable in the URL', () => {
  expect(runsSearch({ ...NO_FILTER, status: ['failed', 'lost'] })).toBe('status=failed,lost');
});

test('a run belongs to the list only when every part of the filter fits', () => {
  const run = { status: 'failed', job: 'edge-backup', client: 'ACME', ref_num: null } as const;
  expect(matchesFilter({ ...NO_FILTER, status: ['failed'], client: 'ACME' }, run)).toBe(true);
  expect(matchesFilter({ ...NO_FILTER, status: ['failed'], client: 'Other' }, run)).toBe(false);
  expect(matchesFilter({ ...NO_FILTER, ref_num: 'R-1' }, run)).toBe(false);
});
