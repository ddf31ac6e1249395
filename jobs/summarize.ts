import { isAtWork, isOver, type RunState, type StepState } from './apply-event.ts';
import { partKeysOf, wholeOf } from './parts.ts';
import type { RunStatus, WaitingFor } from './run-state.ts';

/** What a run's row says of a run that is still open. */
export interface RunSummary {
  readonly status: Extract<RunStatus, 'running' | 'paused' | 'waiting'>;
  readonly waiting_for: WaitingFor | null;
  /** Steps of the plan: a step on several targets is one, however many of them it failed on. */
  readonly completed_steps: number;
  readonly failed_steps: number;
  /** Percent of the plan's steps that have ended, a step in parts by its parts; it can fall when a person retries a step, the row keeps the highest. */
  readonly progress: number;
}

const BAD: readonly StepState['status'][] = ['failed', 'timed_out', 'lost'];

/** Counts a run's steps and names its status as long as it has not ended. */
export function summarize(state: RunState, totalSteps: number): RunSummary {
  const whole = Object.entries(state.steps).filter(([key]) => wholeOf(key) === null);
  const count = (matches: (step: StepState) => boolean): number => whole.reduce((sum, [, step]) => sum + (matches(step) ? 1 : 0), 0);
  const all = Object.values(state.steps);
  const waits = !all.some(isAtWork) && all.some(({ status }) => status === 'waiting');
  const ended = whole.reduce((sum, [key, step]) => sum + doneOf(key, step, state), 0);
  return {
    status: state.paused ? 'paused' : waits ? 'waiting' : 'running',
    waiting_for: waits ? 'intervention' : null,
    completed_steps: count((step) => step.status === 'completed'),
    failed_steps: count((step) => BAD.includes(step.status)),
    progress: totalSteps === 0 ? 100 : Math.floor((100 * ended) / totalSteps),
  };
}

/** 0 to 1: how much of a step has ended. */
function doneOf(key: string, step: StepState, { steps }: RunState): number {
  if (isOver(step) || step.parts === undefined) return isOver(step) ? 1 : 0;
  return partKeysOf(key, step.parts).filter((one) => isOver(steps[one])).length / Math.max(1, step.parts.length);
}
