import type { PlanStepView, StepSummary } from '../api/views.ts';

/** A step of a plan. */
export const planned = (id: string, more: Partial<PlanStepView> = {}): PlanStepView => ({
  id,
  number: 1,
  name: id,
  type: 'ssh.exec',
  needs: [],
  phase: 'main',
  ...more,
});

/** ISO time so many seconds after the tests' midnight. */
export const second = (at: number): string => new Date(Date.UTC(2026, 9, 25) + at * 1000).toISOString();

/** A step that has a row; `show[3]` is a part of `show`. */
export const step = (key: string, status: StepSummary['status'], more: Partial<StepSummary> = {}): StepSummary => {
  const whole = key.replace(/\[.*/, '');
  return {
    key,
    step_id: whole,
    step_number: 1,
    parent_key: key === whole ? null : whole,
    status,
    waiting_for: null,
    message: null,
    error: null,
    hold: null,
    exit_code: null,
    target: null,
    targets: null,
    item: null,
    parts: null,
    parts_by_status: null,
    kept_from: null,
    skip_reason: null,
    attempt: 1,
    attempts_allowed: 1,
    progress: null,
    progress_message: null,
    started_at: null,
    ended_at: null,
    duration_ms: null,
    updated_at: second(0),
    attempts: [],
    ...more,
  };
};

/** A step that was executed once, from one second to another. */
export const ran = (
  key: string,
  status: StepSummary['status'],
  from: number,
  to: number | null,
  more: Partial<StepSummary> = {},
): StepSummary => {
  const times = { started_at: second(from), ended_at: to === null ? null : second(to) };
  return step(key, status, {
    ...times,
    duration_ms: to === null ? null : (to - from) * 1000,
    attempts: [{ attempt: 1, status, ...times }],
    ...more,
  });
};
