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
  ({ key, step_id: key.replace(/\[.*/, ''), status, attempt: 1, attempts_allowed: 1, error: null, ...more }) as StepView;

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

test('a step run for several items has a row for each', () => {
  const rows = stepRows(plan, [step('fetch', 'completed'), step('show[0]', 'completed'), step('show[1]', 'running')]);
  expect(rows.map(({ key, name }) => [key, name])).toEqual([
    ['fetch', 'fetch'],
    ['show[0]', 'show[0]'],
    ['show[1]', 'show[1]'],
    ['store', 'store'],
  ]);
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
