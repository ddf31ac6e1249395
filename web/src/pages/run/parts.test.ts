import fc from 'fast-check';
import { expect, test } from 'vitest';
import { STEP_STATUSES } from '#jobs/run-state.ts';
import type { PlanStepView, StepView } from '../../api/views.ts';
import { type Entry, partsToLoad, partsWords, stretchesOf } from './parts.ts';
import { stepRows } from './rows.ts';

const planned = (id: string, phase: PlanStepView['phase'] = 'main'): PlanStepView => ({
  id,
  number: 1,
  name: id,
  type: 'ssh.exec',
  needs: [],
  phase,
});
const step = (key: string, status: StepView['status'], more: Partial<StepView> = {}) =>
  ({
    key,
    step_id: key.replace(/\[.*/, ''),
    parent_key: key.includes('[') ? key.replace(/\[.*/, '') : null,
    item: null,
    targets: null,
    parts: null,
    parts_by_status: null,
    status,
    ...more,
  }) as StepView;
const shownIn = (entries: readonly Entry[]) => entries.map((entry) => (entry.kind === 'row' ? entry.row.key : `${entry.hidden} more`));

test('of a step with many parts those come first that a person may have to look at, and the chosen one is never left out', () => {
  const statuses = { 7: 'failed', 9: 'waiting', 3: 'running' } as const;
  const parts = Array.from({ length: 12 }, (_, n) => step(`ping[${n}]`, statuses[n as 3] ?? 'completed'));
  const whole = step('ping', 'running', { parts: 5_000, parts_by_status: { completed: 4_000, failed: 1, waiting: 1, running: 1 } });
  const [main] = stretchesOf(stepRows([planned('ping')], [whole, ...parts]), () => 4, 'ping[11]');
  expect(shownIn(main?.entries ?? [])).toEqual(['ping', 'ping[7]', 'ping[9]', 'ping[3]', 'ping[0]', 'ping[11]', '3998 more']);
});

test('few parts stay in their order, and phases stand apart', () => {
  const plan = [planned('a'), planned('a.compensate', 'undo'), planned('tidy', 'clean_up')];
  const steps = [step('a', 'failed', { parts: 2 }), step('a[0]', 'completed'), step('a[1]', 'failed'), step('a.compensate', 'completed')];
  expect(stretchesOf(stepRows(plan, steps), () => 50, undefined).map(({ phase, entries }) => [phase, shownIn(entries)])).toEqual([
    ['main', ['a', 'a[0]', 'a[1]']],
    ['undo', ['a.compensate']],
    ['clean_up', ['tidy']],
  ]);
});

test('however many parts there are, no more are shown than were asked for, and none is lost from the count', () => {
  const status = fc.constantFrom(...STEP_STATUSES);
  fc.assert(
    fc.property(fc.array(status, { maxLength: 60 }), fc.nat(20), (statuses, most) => {
      const parts = statuses.map((one, n) => step(`p[${n}]`, one));
      const entries = stretchesOf(stepRows([planned('p')], [step('p', 'running', { parts: 60 }), ...parts]), () => most, undefined);
      const all = entries.flatMap((one) => one.entries);
      const rows = all.filter(({ kind }) => kind === 'row').length - 1;
      const hidden = all.reduce((sum, entry) => sum + (entry.kind === 'more' ? entry.hidden : 0), 0);
      expect(rows).toBeLessThanOrEqual(Math.max(most, 0));
      expect(rows + hidden).toBe(statuses.length);
    }),
    { numRuns: 100 },
  );
});

test('how far parts are is said in counts', () => {
  const of = (parts_by_status: StepView['parts_by_status']) => partsWords({ parts: 40, targets: null, parts_by_status });
  expect(of({ completed: 11, failed: 1, running: 3 })).toBe('12 of 40, 1 failed');
  expect(of({ waiting: 2, cancelled: 1, skipped: 4 })).toBe('5 of 40, 1 cancelled, 4 skipped, 2 waiting');
  expect(of({})).toBe('0 of 40');
  expect(partsWords({ parts: null, targets: null, parts_by_status: null })).toBeNull();
});

test('lists are read again only when many more are wished for', () => {
  expect([50, 100, 250, 1_000, 1_050].map(partsToLoad)).toEqual([100, 100, 1_000, 1_000, 10_000]);
});
