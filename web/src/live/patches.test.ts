import { expect, test } from 'vitest';
import type { Lineage, RunSummary, StepView } from '../api/views.ts';
import { hasNewRelative, keepNewer, patchLineage, patchRuns, patchSteps } from './patches.ts';

const run = (id: string, seq: number, status = 'running') => ({ id, seq, status, updated_at: `2026-10-25T00:00:0${seq}Z` }) as RunSummary;
const step = (key: string, step_number: number, attempt: number, at: number) =>
  ({ key, step_number, attempt, updated_at: `2026-10-25T00:00:0${at}Z` }) as StepView;

test('a newer row takes the place of the older one and moves nothing', () => {
  const list = [run('a', 1), run('b', 1), run('c', 1)];
  expect(patchRuns(list, run('b', 2, 'completed')).map((one) => [one.id, one.status])).toEqual([
    ['a', 'running'],
    ['b', 'completed'],
    ['c', 'running'],
  ]);
});

test('old news and unknown runs leave the list as it is', () => {
  const list = [run('a', 3, 'completed')];
  expect(patchRuns(list, run('a', 2))).toBe(list);
  expect(patchRuns(list, run('z', 9))).toBe(list);
});

test('a step seen for the first time stands at its number', () => {
  expect(patchSteps([step('a', 1, 1, 1), step('c', 3, 1, 1)], step('b', 2, 1, 2)).map((one) => one.key)).toEqual(['a', 'b', 'c']);
});

test('an older attempt never overwrites a newer one', () => {
  const steps = [step('a', 1, 2, 1)];
  expect(patchSteps(steps, step('a', 1, 1, 9))).toBe(steps);
  expect(patchSteps(steps, step('a', 1, 3, 0))[0]?.attempt).toBe(3);
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

test('an answer that was on its way while news came loses none of them', () => {
  const known = [step('a', 1, 1, 5), { ...step('b', 2, 1, 6), parent_key: null }, { ...step('c[0]', 3, 1, 6), parent_key: 'c' }];
  const read = [step('a', 1, 1, 3), step('d', 4, 1, 3)];
  expect(keepNewer(known, read).map(({ key, updated_at }) => [key, updated_at.at(-2)])).toEqual([
    ['a', '5'],
    ['b', '6'],
    ['d', '3'],
  ]);
  expect(keepNewer([step('a', 1, 1, 1)], [step('a', 1, 2, 0)])[0]?.attempt).toBe(2);
});
