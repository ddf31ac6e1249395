import type { RunState, StepState } from './apply-event.ts';
import { hasEnded, type RunStatus, type WaitingFor } from './run-state.ts';

/** What a run's row says of a run that is still open. */
export interface RunSummary {
  readonly status: Extract<RunStatus, 'running' | 'paused' | 'waiting'>;
  readonly waiting_for: WaitingFor | null;
  readonly completed_steps: number;
  readonly failed_steps: number;
  /** Percent of the plan's steps that have ended; it can fall when a person retries a step, the row keeps the highest. */
  readonly progress: number;
}

const BAD: readonly StepState['status'][] = ['failed', 'timed_out', 'lost'];

/** Counts a run's steps and names its status as long as it has not ended. */
export function summarize(state: RunState, totalSteps: number): RunSummary {
  const steps = Object.values(state.steps);
  const count = (matches: (step: StepState) => boolean): number => steps.reduce((sum, step) => sum + (matches(step) ? 1 : 0), 0);
  const running = count((step) => step.status === 'running');
  const waits = running === 0 && count((step) => step.status === 'waiting') > 0;
  const ended = count((step) => step.status !== 'retry' && step.status !== 'waiting' && hasEnded(step.status));
  return {
    status: state.paused ? 'paused' : waits ? 'waiting' : 'running',
    waiting_for: waits ? 'intervention' : null,
    completed_steps: count((step) => step.status === 'completed'),
    failed_steps: count((step) => BAD.includes(step.status)),
    progress: totalSteps === 0 ? 100 : Math.floor((100 * ended) / totalSteps),
  };
}
