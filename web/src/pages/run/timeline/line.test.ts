import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planned, ran, second, step } from '../../../testing/steps.ts';
import { stepRows } from '../rows.ts';
import { criticalPath, readyTimes } from './critical-path.ts';
import { lineOf, pan, zoomBy, zoomTo } from './line.ts';
import { nextAttemptAt } from './next-attempt.ts';

const DAY = 86_400;
const run = { created_at: second(0), started_at: second(0), ended_at: second(DAY + 10) };
const tried = (number: number, from: number, to: number) => ({
  attempt: number,
  status: 'failed' as const,
  started_at: second(from),
  ended_at: second(to),
});
const twice = stepRows(
  [planned('show')],
  [
    step('show', 'failed', {
      attempt: 2,
      attempts: [tried(1, 0, 5), tried(2, DAY, DAY + 10)],
      started_at: second(0),
      ended_at: second(DAY + 10),
    }),
  ],
);
const all = { run, rows: twice, attempts: null, zoom: null, squeeze: false };

test('a retry a day later stretches the line, and one attempt by itself has a line of its own', () => {
  expect(lineOf(all, 0).shown).toEqual({ from: Date.parse(second(0)), to: Date.parse(second(DAY + 10)) });
  expect(lineOf({ ...all, attempts: 2 }, 0).shown).toEqual({ from: Date.parse(second(DAY)), to: Date.parse(second(DAY + 10)) });
  expect(lineOf({ ...all, attempts: 9 }, 0).shown).toEqual(lineOf({ ...all, attempts: 2 }, 0).shown);
});

test('what is zoomed into is a part of the line, and zooming out again ends at all of it', () => {
  const near = lineOf({ ...all, zoom: { from: 1000, to: 4000 } }, 0);
  expect(near.shown).toEqual({ from: Date.parse(second(1)), to: Date.parse(second(4)) });
  expect(zoomBy(near, 2)).toEqual({ from: 0, to: 5500 });
  expect(zoomTo(near.whole, near.whole)).toBeNull();
  expect(pan(near, 1)).toEqual({ from: 4000, to: 7000 });
});

test('however it is zoomed and moved, some of the line is shown and nothing beyond it', () => {
  const moves = fc.array(
    fc.oneof(
      fc.constantFrom(0.5, 2, 8).map((by) => ({ by })),
      fc.constantFrom(-1, 0.5, 3).map((to) => ({ to })),
    ),
  );
  fc.assert(
    fc.property(moves, (list) => {
      let line = lineOf(all, 0);
      for (const move of list) line = lineOf({ ...all, zoom: 'by' in move ? zoomBy(line, move.by) : pan(line, move.to) }, 0);
      expect(line.shown.to).toBeGreaterThan(line.shown.from);
      expect(line.shown.from).toBeGreaterThanOrEqual(line.whole.from);
      expect(line.shown.to).toBeLessThanOrEqual(line.whole.to);
    }),
  );
});

const plan = [planned('fetch'), planned('lint'), planned('build', { needs: ['fetch', 'lint'] }), planned('note', { needs: ['fetch'] })];
const built = stepRows(plan, [
  ran('fetch', 'completed', 0, 9),
  ran('lint', 'completed', 0, 4),
  ran('build', 'failed', 9, 30, { parts: 2 }),
  ran('build[0]', 'completed', 9, 12),
  ran('build[1]', 'failed', 9, 30),
  ran('note', 'completed', 9, 10),
]);

test('the critical path is what the end waited for, with the part that ended last', () => {
  expect([...criticalPath(built)]).toEqual(['build', 'fetch', 'build[1]']);
  expect(criticalPath(stepRows(plan, []))).toEqual(new Set());
});

test('a step could begin when all it needs had ended, a part when its step was taken apart', () => {
  const ready = readyTimes(built, Date.parse(second(0)));
  const of = (key: string) => built.find((row) => row.key === key);
  const at = (key: string) => (ready(of(key) ?? (built[0] as (typeof built)[0])) ?? 0) - Date.parse(second(0));
  expect(['fetch', 'build', 'note', 'build[1]'].map(at)).toEqual([0, 9000, 9000, 9000]);
});

test('when a step is tried again follows from its policy, each time later up to the most', () => {
  const retry = { delay_ms: 1000, backoff: 2, max_delay_ms: 5000 };
  const attempts = [1, 2, 3, 4].map((number) => tried(number, number * 10, number * 10 + 1));
  const next = (count: number) => {
    const at = nextAttemptAt({ status: 'retrying', attempts: attempts.slice(0, count) }, retry);
    return at === null ? null : (at - Date.parse(second(count * 10 + 1))) / 1000;
  };
  expect([1, 2, 3, 4].map(next)).toEqual([1, 2, 4, 5]);
  expect(next(0)).toBeNull();
  expect(nextAttemptAt({ status: 'running', attempts }, retry)).toBeNull();
});
