import { expect, test } from 'vitest';
import { TRIGGERS } from '#db/schema/words.ts';
import { type Listable, matchesFilter, momentOf, NO_FILTER, namesIn, RUN_TRIGGERS, RUNS_FILTER, runsSearch } from './runs-filter.ts';

const NOW = Date.parse('2026-10-25T12:00:00Z');
const run: Listable = {
  status: 'failed',
  number: 12,
  job: 'edge-backup',
  client: 'ACME',
  ref_num: null,
  timezone: 'Europe/Berlin',
  target: 'core-fra',
  trigger: 'schedule',
  created_by: 'nightly',
  priority: 3,
  error_message: 'Connection refused by core-fra:22',
  schedule: 'nightly',
  parent_run: null,
  chain_source: null,
  created_at: '2026-10-25T11:00:00Z',
};

test('the triggers offered are those there are', () => {
  expect([...RUN_TRIGGERS].sort()).toEqual([...TRIGGERS].sort());
});

test('what nobody knows is dropped and named, the rest stays', () => {
  expect(RUNS_FILTER.parse('?status=failed,exploded&since=soon&until=2026-13-01T00:00Z&parent=x&priority=3,11&job=edge-*')).toEqual({
    value: { ...NO_FILTER, status: ['failed'], priority: ['3'], job: 'edge-*' },
    dropped: ['status=exploded', 'priority=11', 'parent=x', 'since=soon', 'until=2026-13-01T00:00Z'],
  });
});

test('a filter stays readable in the URL, and says what it narrows by', () => {
  const filter = { ...NO_FILTER, status: ['failed', 'lost'], since: '24h', job: 'edge-*' } as const;
  expect(runsSearch(filter)).toBe('status=failed,lost&job=edge-*&since=24h');
  expect(namesIn(filter)).toEqual(['status', 'job', 'since']);
});

test('times before all runs, which the API refuses, are dropped too', () => {
  const { value, dropped } = RUNS_FILTER.parse('?since=99999d&until=0001-01-01T00:00Z');
  expect(value).toEqual(NO_FILTER);
  expect(dropped).toEqual(['since=99999d', 'until=0001-01-01T00:00Z']);
  expect(RUNS_FILTER.parse('?since=9999d').dropped).toEqual([]);
});

test('a relative time moves with the clock, an absolute one does not', () => {
  expect(momentOf('24h', NOW)).toBe(NOW - 86_400_000);
  expect(momentOf('2026-10-25T02:00:00Z', NOW)).toBe(Date.parse('2026-10-25T02:00:00Z'));
  expect(momentOf('', NOW)).toBeNull();
});

test.each([
  [{ status: ['failed'], client: 'ACME' }, true],
  [{ job: 'edge-*' }, true],
  [{ job: 'edge' }, false],
  [{ client: 'Other' }, false],
  [{ ref_num: 'R-1' }, false],
  [{ error: 'REFUSED' }, true],
  [{ error: 'timeout' }, false],
  [{ priority: ['1', '3'] }, true],
  [{ trigger: ['manual'] }, false],
  [{ since: '24h' }, true],
  [{ since: '30m' }, false],
  [{ until: '2026-10-25T11:00:00Z' }, false],
  [{ tag: 'edge' }, 'perhaps'],
  [{ tag: 'edge', client: 'Other' }, false],
  [{ bulk: '018f0000-0000-7000-8000-000000000000' }, 'perhaps'],
] as const)('whether a new run belongs to the list of %j: %s', (part, belongs) => {
  expect(matchesFilter({ ...NO_FILTER, ...part } as typeof NO_FILTER, run, NOW)).toBe(belongs);
});
