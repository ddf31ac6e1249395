import { type RunState, stepAt } from './apply-event.ts';
import type { RunHold } from './holds/run-hold.ts';
import type { RunEvent } from './run-event.ts';

/** The run of another job that a step waits for no more once this has happened, though it goes on and nobody has stopped it; null: none. */
export function leftBy(state: RunState, event: RunEvent): RunHold | null {
  if (event.type !== 'step_skipped' && event.type !== 'step_failed') return null;
  const step = stepAt(state, event.key);
  if (step?.status !== 'held' || step.hold.kind !== 'run') return null;
  const { ended, stopBy, onCancel } = step.hold;
  return ended === undefined && stopBy === undefined && onCancel === 'cancel' ? step.hold : null;
}
