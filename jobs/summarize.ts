import { isHeld, isOver, isStopping, needsPerson, type RunState, type StepState, worksOf } from './apply-event.ts';
import { waitingForOf } from './holds/hold.ts';
import { tallyOfStep } from './items/slices.ts';
import { hasWaiting } from './items/tally.ts';
import { runsPlace } from './lock-state.ts';
import type { Plan } from './plan.ts';
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

/** Counts a run's steps and names its status as long as it has not ended; what undoes and handles counts in neither, and no pause holds it back. */
export function summarize(state: RunState, plan: Pick<Plan, 'steps'>): RunSummary {
  const count = { completed: 0, failed: 0, ended: 0, works: 0 };
  const steps = Object.values(state.steps);
  for (const step of steps) count.works += worksOf(step);
  for (const { id } of plan.steps) {
    const step = state.steps[id];
    if (step === undefined) continue;
    if (step.status === 'completed') count.completed += 1;
    if (BAD.includes(step.status)) count.failed += 1;
    count.ended += doneOf(step);
  }
  const isInLine = !isStopping(state) && runsPlace(state) !== null;
  const waits = isInLine || (count.works === 0 && steps.some((step) => needsPerson(step) || isHeld(step)));
  return {
    status: state.paused && !state.ending ? 'paused' : waits ? 'waiting' : 'running',
    waiting_for: waits ? (isInLine ? 'lock' : waitsFor(steps)) : null,
    completed_steps: count.completed,
    failed_steps: count.failed,
    progress: plan.steps.length === 0 ? 100 : Math.floor((100 * count.ended) / plan.steps.length),
  };
}

/** Of several things waited for, the one that most wants somebody to act. */
const URGENCY: readonly WaitingFor[] = ['intervention', 'approval', 'signal', 'lock', 'window', 'timer'];

function waitsFor(steps: readonly StepState[]): WaitingFor | null {
  const waited = new Set(steps.flatMap(waitedForBy));
  return URGENCY.find((what) => waited.has(what)) ?? null;
}

function waitedForBy(step: StepState): readonly (WaitingFor | null)[] {
  const parts = hasWaiting(step) ? (step.parts ?? []) : [];
  return [
    needsPerson(step) ? 'intervention' : null,
    typeof step.rest?.until === 'number' ? 'timer' : null,
    step.slices && (tallyOfStep(step)?.shut ?? 0) > 0 ? 'window' : null,
    ...[step, ...parts.map(({ state }) => state)].map((one) => (one?.status === 'held' ? waitingForOf(one.hold) : null)),
  ];
}

/** 0 to 1: how much of a step has ended. */
function doneOf(step: StepState): number {
  const tally = tallyOfStep(step);
  if (isOver(step) || tally === null) return isOver(step) ? 1 : 0;
  return tally.over / Math.max(1, tally.total);
}
