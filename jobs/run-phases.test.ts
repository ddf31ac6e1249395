import { expect, test } from 'vitest';
import type { Plan, PlannedStep } from './plan.ts';
import { phasedSteps } from './run-phases.ts';

const step = (id: string, more: Partial<PlannedStep> = {}) => ({ id, ...more }) as PlannedStep;
const phases = (plan: Partial<Plan>) => phasedSteps(plan as Plan).map(({ id, phase }) => `${phase}: ${id}`);

test('what undoes, handles and cleans up comes after the steps of the main course, what undoes in reverse order', () => {
  expect(
    phases({
      steps: [
        step('tidy', { when: 'always' }),
        step('a', { compensate: step('a.compensate') }),
        step('b', { compensate: step('b.compensate') }),
      ],
      onFailure: [step('tell')],
      onCancel: [step('stop')],
    }),
  ).toEqual(['main: a', 'main: b', 'undo: b.compensate', 'undo: a.compensate', 'on_failure: tell', 'on_cancel: stop', 'clean_up: tidy']);
});

test('an older plan has only the main course', () => {
  expect(phases({ steps: [step('a'), step('b', { when: 'failure' })] })).toEqual(['main: a', 'main: b']);
});
