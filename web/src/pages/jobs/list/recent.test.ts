import { expect, test } from 'vitest';
import type { RecentRun } from '../views.ts';
import { barsOf, middleOf, outcomeOf, successOf } from './recent.ts';

const run = (status: RecentRun['status'], execution_time_ms: number | null = null): RecentRun => ({
  id: `${status}-${execution_time_ms}`,
  number: 1,
  status,
  execution_time_ms,
  created_at: '2026-10-25T01:00:00Z',
});

test('success counts what completed against what ended badly; cancelled and open runs count for neither', () => {
  expect(successOf([run('completed'), run('failed'), run('cancelled'), run('running'), run('completed')])).toBeCloseTo(66.67, 1);
  expect(successOf([run('cancelled'), run('queued')])).toBeNull();
});

test('the middle duration is that of a run, of completed ones only', () => {
  expect(middleOf([run('completed', 10), run('completed', 30), run('failed', 99_999), run('completed', 20)])).toBe(20);
  expect(middleOf([run('completed', 10), run('completed', 30)])).toBe(10);
  expect(middleOf([run('failed', 1)])).toBeNull();
});

test('every status has a shape, and what needs a person is under way', () => {
  const statuses = ['queued', 'running', 'waiting', 'completed', 'cancelled', 'lost'] as const;
  expect(statuses.map((status) => outcomeOf({ status }))).toEqual(['waiting', 'active', 'active', 'done', 'stopped', 'bad']);
});

test('bars stand oldest first, and the shortest can still be seen', () => {
  const bars = barsOf([run('completed', 1_000_000), run('completed', 1)]);
  expect(bars.map(({ run: one }) => one.execution_time_ms)).toEqual([1, 1_000_000]);
  expect(bars[0]?.height).toBeGreaterThanOrEqual(0.2);
  expect(bars[1]?.height).toBe(1);
});
