import type { OneState, PartState, StepState } from '../apply-event.ts';
import { isStoppingRun } from '../holds/run-hold.ts';
import { hasEnded } from '../run-state.ts';

/** How far the parts of a step are. */
export interface Tally {
  readonly total: number;
  /** Nothing has happened to them, or a person asked for another try. */
  readonly open: number;
  /** A worker is at them. */
  readonly atWork: number;
  /** The run itself carries them out. */
  readonly held: number;
  /** Of those, the ones that wait for a maintenance window, beside which others may go on. */
  readonly shut: number;
  /** Of those, the ones that a run that stops waits for all the same. */
  readonly stopping: number;
  readonly waiting: number;
  /** Ended, and nobody is waited for to take them up again. */
  readonly over: number;
  readonly completed: number;
  readonly failed: number;
}

const known = new WeakMap<readonly PartState[], Tally>();

/** Counts parts once for each list of them: a run asks several times between two events, and of ten thousand. */
export function tallyOf(parts: readonly PartState[]): Tally {
  const before = known.get(parts);
  if (before) return before;
  const counts = { total: parts.length, open: 0, atWork: 0, held: 0, shut: 0, stopping: 0, waiting: 0, over: 0, completed: 0, failed: 0 };
  for (const { state } of parts) count(counts, state);
  known.set(parts, counts);
  return counts;
}

/** Whether any part that the run itself looks after waits, for a person or for something else. */
export function hasWaiting({ parts, slices }: StepState): boolean {
  if (parts === undefined || slices) return false;
  const { held, waiting } = tallyOf(parts);
  return held + waiting > 0;
}

function count(counts: { -readonly [field in keyof Tally]: number }, state: OneState | undefined): void {
  if (state?.status === 'held') {
    counts.held += 1;
    if (state.hold.kind === 'window') counts.shut += 1;
    if (isStoppingRun(state.hold)) counts.stopping += 1;
    return;
  }
  const status = state?.status;
  if (status === undefined || status === 'retry') counts.open += 1;
  else if (status === 'running') counts.atWork += 1;
  else if (status === 'waiting') counts.waiting += 1;
  else if (hasEnded(status)) {
    counts.over += 1;
    if (status === 'completed') counts.completed += 1;
    if (isFailure(status)) counts.failed += 1;
  }
}

/** Ends that a step's tolerance is about; what was skipped has not failed. */
export const isFailure = (status: OneState['status'] | undefined): boolean =>
  status === 'failed' || status === 'timed_out' || status === 'lost' || status === 'cancelled';
