import { expect, test } from 'vitest';
import type { PlanStepView, StepView } from '../../api/views.ts';
import { causeOf, likelyStep, retryingRow, stepRows } from './rows.ts';

const plan = ['fetch', 'show', 'store'].map(
  (id, at): PlanStepView => ({
    id,
    number: at + 1,
    name: id,
    type: 'ssh.exec',
    phase: 'main',
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
    waiting_for: null,
    hold: null,
    kept_from: null,
    parts_by_status: null,
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

test('what undoes and handles is listed only where it was called for; what cleans up always', () => {
  const all: readonly PlanStepView[] = [
    ...plan,
    ...(['undo', 'on_failure', 'clean_up'] as const).map((phase, at) => ({
      ...(plan[0] as PlanStepView),
      id: phase,
      number: 4 + at,
      phase,
    })),
  ];
  const keys = (...steps: readonly StepView[]) => stepRows(all, steps).map(({ key }) => key);
  expect(keys()).toEqual(['fetch', 'show', 'store', 'clean_up']);
  expect(keys(step('undo', 'running'))).toEqual(['fetch', 'show', 'store', 'undo', 'clean_up']);
});

test('a run that waits says what for; one that was stopped says why', () => {
  const hold = { kind: 'approval', approvers: ['netops'], count: 2, answers: [] };
  const rows = stepRows(plan, [step('show', 'waiting', { waiting_for: 'approval', hold })]);
  expect(causeOf({ status: 'waiting', error_message: null, message: null }, rows)?.says).toBe('show waits for approval by netops: 0 of 2');
  expect(causeOf({ status: 'cancelled', error_message: null, message: 'wrong window' }, stepRows(plan, []))?.says).toBe('wrong window');
});

test('of a retrying run the step between two attempts is told; whether it is retrying the run itself says', () => {
  const rows = stepRows(plan, [step('fetch', 'running'), step('show', 'retrying', { attempt: 2, attempts_allowed: 5 })]);
  expect(retryingRow({ status: 'retrying' }, rows)?.key).toBe('show');
  expect(retryingRow({ status: 'running' }, rows)).toBeUndefined();
  expect(retryingRow({ status: 'retrying' }, stepRows(plan, [step('fetch', 'running')]))).toBeUndefined();
});

test('a name that would turn the text around it is written out, begun or not', () => {
  const named = [{ ...(plan[0] as PlanStepView), name: '\u202eexe.fetch' }];
  expect([...stepRows(named, []), ...stepRows(named, [step('fetch', 'running')])].map(({ name }) => name)).toEqual([
    '⟨U+202E⟩exe.fetch',
    '⟨U+202E⟩exe.fetch',
  ]);
});
