import { expect, test } from 'vitest';
import type { Lineage, RunSummary } from '../api/views.ts';
import { hasNewRelative, patchLineage, patchRuns } from './patches.ts';

const run = (id: string, seq: number, status = 'running') => ({ id, seq, status, updated_at: `2026-10-25T00:00:0${seq}Z` }) as RunSummary;

test('a newer row takes the place of the older one and moves nothing', () => {
  const list = [run('a', 1), run('b', 1), run('c', 1)];
  expect(patchRuns(list, run('b', 2, 'completed')).map((one) => [one.id, one.status])).toEqual([
    ['a', 'running'],
    ['b', 'completed'],
    ['c', 'running'],
  ]);
});

test('what only this list asked for stays on a row that changes', () => {
  const parameters = { host: 'core-fra' };
  const [patched] = patchRuns([{ ...run('a', 1), parameters } as RunSummary], run('a', 2, 'failed'));
  expect(patched).toMatchObject({ status: 'failed', parameters });
});

test('old news and unknown runs leave the list as it is', () => {
  const list = [run('a', 3, 'completed')];
  expect(patchRuns(list, run('a', 2))).toBe(list);
  expect(patchRuns(list, run('z', 9))).toBe(list);
});

test('a newer status takes its place in a lineage, and a run that came from one of its runs is a new relative', () => {
  const lineage = {
    items: [
      { id: 'a', status: 'running' },
      { id: 'b', status: 'failed' },
    ],
    truncated: false,
  } as unknown as Lineage;
  expect(patchLineage(lineage, { id: 'a', status: 'completed' }).items.map(({ status }) => status)).toEqual(['completed', 'failed']);
  expect(patchLineage(lineage, { id: 'b', status: 'failed' })).toBe(lineage);
  const from = { retry_of: null, rerun_of: null, parent_run: null, chain_source: null };
  expect(hasNewRelative(lineage, { ...from, id: 'c', rerun_of: 'b' })).toBe(true);
  expect(hasNewRelative(lineage, { ...from, id: 'b', rerun_of: 'a' })).toBe(false);
  expect(hasNewRelative(lineage, { ...from, id: 'c', retry_of: 'z' })).toBe(false);
});
