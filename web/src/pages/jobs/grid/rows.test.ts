import { expect, test } from 'vitest';
import type { GridRun } from '../views.ts';
import { beginsVersion, rowsOf, spansOf } from './rows.ts';

const run = (version: number | null, ...ids: readonly string[]): GridRun => ({
  id: ids.join(),
  number: 1,
  version,
  status: 'completed',
  waiting_for: null,
  trigger: 'manual',
  execution_time_ms: 1,
  created_at: '2026-10-25T01:00:00Z',
  steps: ids.map((id, at) => ({ step_id: id, step_number: at + 1, name: id, status: 'completed', waiting_for: null, duration_ms: 1 })),
});
const ids = (...runs: readonly GridRun[]) => rowsOf(runs).map(({ id }) => id);

test('rows follow the newest run, and steps of older versions stand where they stood', () => {
  expect(ids(run(3, 'a', 'b', 'd'), run(2, 'a', 'c', 'd'), run(1, 'z', 'a'))).toEqual(['z', 'a', 'c', 'b', 'd']);
});

test('a run that did not get far hides no step', () => {
  expect(ids(run(1, 'a'), run(1, 'a', 'b', 'c'))).toEqual(['a', 'b', 'c']);
});

test('runs that never began have no rows', () => {
  expect(ids(run(1), run(1))).toEqual([]);
});

test('versions are marked where they begin', () => {
  const runs = [run(1), run(1), run(2), run(null), run(2)];
  expect(spansOf(runs).map(({ version, runs: count }) => [version, count])).toEqual([
    [1, 2],
    [2, 1],
    [null, 1],
    [2, 1],
  ]);
  expect(runs.map((_, at) => beginsVersion(runs, at))).toEqual([false, false, true, true, true]);
});
