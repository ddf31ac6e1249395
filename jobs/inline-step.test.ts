import { describe, expect, test } from 'vitest';
import { applyEvent, initialState, type RunState } from './apply-event.ts';
import { restMs, soleInlineStep } from './inline-step.ts';
import { nextSteps as nextStepsAt } from './next-steps.ts';
import type { Plan, PlannedRetry, PlannedStep } from './plan.ts';
import type { RunEvent } from './run-event.ts';

const nextSteps = (plan: Plan, state: RunState) => nextStepsAt(plan, state, 0);

const retry: PlannedRetry = { attempts: 1, delayMs: 1_000, backoff: 2, maxDelayMs: 60_000, on: [] };

const step = (id: string, more: Partial<PlannedStep> = {}): PlannedStep => ({
  id,
  number: 1,
  name: id,
  type: 'test.exec',
  needs: [],
  if: null,
  enabled: true,
  queue: 'local',
  effect: 'idempotent',
  needsTarget: false,
  target: null,
  config: {},
  code: [],
  outputs: {},
  secrets: {},
  timeoutMs: 5_000,
  retry,
  inline: true,
  continueOnFailure: false,
  onError: 'fail',
  priority: null,
  ...more,
});

/** The key of the sole inline step of a run of these steps after these events. */
function soleOf(steps: readonly PlannedStep[], ...events: readonly RunEvent[]): string | undefined {
  const plan: Plan = { job: 'test', timeoutMs: null, timezone: null, priority: 5, steps, outputs: {} };
  const facts = { run: 'r', job: 'test', started_at: '2027-01-01T00:00:00.000Z', parameters: {}, target: null };
  const state: RunState = events.reduce(applyEvent, initialState(facts));
  return soleInlineStep(nextSteps(plan, state), state)?.step.id;
}

describe('the sole inline step of a run', () => {
  test('is the next one of a row', () => {
    const row = [step('one'), step('two', { needs: ['one'] })];
    expect(soleOf(row)).toBe('one');
    expect(soleOf(row, { type: 'step_completed', key: 'one', outputs: {} })).toBe('two');
  });

  test('is none while another step runs, starts with it or is skipped', () => {
    expect(soleOf([step('one'), step('beside')])).toBeUndefined();
    expect(soleOf([step('one'), step('beside')], { type: 'step_started', key: 'beside' })).toBeUndefined();
    expect(soleOf([step('one'), step('off', { enabled: false })])).toBeUndefined();
  });

  test('is none for a step that runs elsewhere, a paused run or an ended one', () => {
    expect(soleOf([step('one', { inline: false })])).toBeUndefined();
    expect(soleOf([step('one')], { type: 'paused' })).toBeUndefined();
    expect(soleOf([step('one')], { type: 'step_completed', key: 'one', outputs: {} })).toBeUndefined();
  });

  test('is none for a step that may rest for long between its executions', () => {
    expect(soleOf([step('one', { retry: { ...retry, attempts: 3 } })])).toBe('one');
    expect(soleOf([step('one', { retry: { ...retry, attempts: 9 } })])).toBeUndefined();
  });
});

test('the rest between executions grows by the factor up to its limit', () => {
  expect([1, 2, 3, 20].map((executions) => restMs({ ...retry, maxDelayMs: 4_500 }, executions))).toEqual([1_000, 2_000, 4_000, 4_500]);
});
