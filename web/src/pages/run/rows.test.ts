import { expect, test } from 'vitest';
import type { PlanStepView, StepView } from '../../api/views.ts';
import { causeOf, likelyStep, stepRows } from './rows.ts';

const plan = ['fetch', 'show', 'store'].map(
  (id, at): PlanStepView => ({
    id,
    number: at + 1,
    name: id,
    type: 'ssh.exec',
    needs: at === 0 ? [] : [['fetch', 'show', 'store'][at - 1] as string],
  }),
);
const step = (key: string, status: StepView['status'], more: Partial<StepView> = {}) =>
  ({
    key,
    step_id: key.replace(/\[.*/, ''),
    parent_key: key.includes('[') ? key.replace(/\[.*/, '') : null,
    targets: null,
    item: null,
    parts: null,
    status,
    attempt: 1,
    attempts_allowed: 1,
    error: null,
    ...more,
  }) as StepView;

test('the whole plan is listed before anything has started', () => {
  expect(stepRows(plan, []).map(({ key, status }) => [key, status])).toEqual([
    ['fetch', 'pending'],
    ['show', 'pending'],
    ['store', 'pending'],
  ]);
});

test('what a run that ended never started counts as skipped', () => {
  expect(stepRows(plan, [step('fetch', 'cancelled')], true).map(({ status }) => status)).toEqual(['cancelled', 'skipped', 'skipped']);
});

const targets = Array.from({ length: 11 }, (_, n) => `edge-${n}`);

test('a step on several targets has a row for each below it, in their order, whichever was heard of first', () => {
  const parts = [10, 2, 0].map((n) => step(`show[${n}]`, 'completed', { target: targets[n] ?? null }));
  const rows = stepRows(plan, [...parts, step('fetch', 'completed'), step('show', 'running', { targets })]);
  expect(rows.map(({ key, name, isPart }) => [key, name, isPart])).toEqual([
    ['fetch', 'fetch', false],
    ['show', 'show', false],
    ['show[0]', 'edge-0', true],
    ['show[2]', 'edge-2', true],
    ['show[10]', 'edge-10', true],
    ['store', 'store', false],
  ]);
});

test('of a step on several targets the reader came for the part that failed, while the cause is told of them all', () => {
  const error = { type: 'exit_code', message: '1 of 2 targets failed: edge-1' } as const;
  const rows = stepRows(plan, [step('show', 'failed', { targets, error }), step('show[0]', 'completed'), step('show[1]', 'failed')]);
  expect(likelyStep(rows)?.key).toBe('show[1]');
  expect(causeOf({ status: 'failed', error_message: null, message: null }, rows)?.says).toBe('show: 1 of 2 targets failed: edge-1');
  const running = stepRows(plan, [step('show', 'running', { targets }), step('show[0]', 'completed'), step('show[1]', 'running')]);
  expect(likelyStep(running)?.key).toBe('show[1]');
});

test('a failed step is what the reader came for, then one that waits, then one that runs, then the last that ended', () => {
  const of = (...statuses: StepView['status'][]) =>
    likelyStep(
      stepRows(
        plan,
        plan.map((one, at) => step(one.id, statuses[at] ?? 'pending')),
      ),
    )?.key;
  expect(of('waiting', 'failed', 'running')).toBe('show');
  expect(of('running', 'completed', 'waiting')).toBe('store');
  expect(of('completed', 'running')).toBe('show');
  expect(of('completed', 'completed', 'completed')).toBe('store');
  expect(of()).toBe('fetch');
});

test('the cause names the step, what happened and the attempt', () => {
  const error = { type: 'connection', message: 'connection refused by core-fra:22' } as const;
  const rows = stepRows(plan, [step('show', 'failed', { error, attempt: 3, attempts_allowed: 3 })]);
  expect(causeOf({ status: 'failed', error_message: null, message: null }, rows)).toMatchObject({
    row: { key: 'show' },
    says: 'show: connection refused by core-fra:22 (attempt 3 of 3)',
  });
});

test('a run that failed without a failed step says its own reason; one that goes well has no cause', () => {
  expect(causeOf({ status: 'timed_out', error_message: 'the run took longer than 2 h', message: null }, stepRows(plan, []))?.says).toBe(
    'the run took longer than 2 h',
  );
  expect(causeOf({ status: 'running', error_message: null, message: 'step 2' }, stepRows(plan, []))).toBeNull();
});
