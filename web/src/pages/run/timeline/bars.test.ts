import { expect, test } from 'vitest';
import type { StepView } from '../../../api/views.ts';
import { barsOf, domainOf } from './bars.ts';

const at = (second: number) => new Date(second * 1000).toISOString();
const attempt = (number: number, status: string, from: number, to: number | null) => ({
  attempt: number,
  status,
  started_at: at(from),
  ended_at: to === null ? null : at(to),
});

test('attempts and the pauses between them follow each other', () => {
  const step = {
    status: 'completed',
    attempt: 2,
    progress: 100,
    attempts: [attempt(2, 'completed', 5, 7), attempt(1, 'failed', 1, 2)],
  } as unknown as StepView;
  expect(barsOf(step, 99_000).map(({ kind, from, to, status }) => [kind, from / 1000, to / 1000, status])).toEqual([
    ['attempt', 1, 2, 'failed'],
    ['pause', 2, 5, 'retrying'],
    ['attempt', 5, 7, 'completed'],
  ]);
});

test('a running attempt reaches until now and carries its progress', () => {
  const step = { status: 'running', attempt: 1, progress: 40, attempts: [attempt(1, 'running', 1, null)] } as unknown as StepView;
  expect(barsOf(step, 9000)).toEqual([{ kind: 'attempt', from: 1000, to: 9000, status: 'running', attempt: 1, progress: 0.4 }]);
});

test('a step about to retry shows the pause growing', () => {
  const step = { status: 'retrying', attempt: 1, progress: 0, attempts: [attempt(1, 'failed', 1, 2)] } as unknown as StepView;
  expect(barsOf(step, 6000).at(-1)).toMatchObject({ kind: 'pause', from: 2000, to: 6000 });
});

test('an ended run spans exactly its time, a running one somewhat more than has passed', () => {
  expect(domainOf({ created_at: at(0), started_at: at(10), ended_at: at(30) }, 99_000)).toEqual({ from: 10_000, to: 30_000 });
  const open = domainOf({ created_at: at(0), started_at: at(10), ended_at: null }, 30_000);
  expect(open.to).toBeGreaterThan(30_000);
  expect(domainOf({ created_at: at(0), started_at: at(10), ended_at: null }, 31_000)).toEqual(open);
});

test('a wait before the first execution is part of the line', () => {
  const run = { created_at: at(0), started_at: at(60), ended_at: at(90) };
  expect(domainOf(run, Date.parse(at(100)), [{ from: Date.parse(at(20)) }]).from).toBe(Date.parse(at(20)));
});
