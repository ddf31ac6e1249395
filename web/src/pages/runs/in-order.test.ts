import { expect, test } from 'vitest';
import { isWithin, type Placed } from './in-order.ts';
import type { RunSort } from './page-state.ts';

const run = (id: string, execution_time_ms: number | null = 0): Placed => ({ id, execution_time_ms });
const part = (runs: readonly Placed[], before: boolean, after: boolean) => ({ runs, before, after });

test.each<[RunSort, string, boolean]>([
  ['-created_at', 'newer than all', true],
  ['-created_at', 'between', true],
  ['-created_at', 'older than all', false],
  ['created_at', 'older than all', true],
  ['created_at', 'newer than all', false],
])('in a list by %s whose rest is still to come, a run %s is missing: %s', (sort, where, missing) => {
  const held = sort.startsWith('-') ? [run('8'), run('4')] : [run('4'), run('8')];
  const ids = { 'newer than all': '9', between: '5', 'older than all': '1' } as const;
  expect(isWithin(sort, part(held, false, true), run(ids[where as keyof typeof ids]))).toBe(missing);
});

test('what turning pages will find is not missing at either end', () => {
  const held = part([run('8'), run('4')], true, true);
  expect(['9', '6', '1'].map((id) => isWithin('-created_at', held, run(id)))).toEqual([false, true, false]);
});

test('by duration, what has none yet stands below all that have one', () => {
  const held = part([run('1', 900), run('2', 300)], false, true);
  expect(isWithin('-execution_time_ms', held, run('3', null))).toBe(false);
  expect(isWithin('-execution_time_ms', held, run('3', 500))).toBe(true);
  expect(isWithin('execution_time_ms', part([run('2', 300)], false, true), run('3', null))).toBe(true);
});

test('an empty list lacks whatever matches', () => expect(isWithin('-created_at', part([], false, false), run('1'))).toBe(true));
