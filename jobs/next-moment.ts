import { isStopping, type OneState, type RunState } from './apply-event.ts';
import { momentOf } from './holds/hold.ts';
import { hasWaiting } from './items/tally.ts';
import { runsPlace } from './lock-state.ts';

/** The next moment (epoch milliseconds) at which a run has something to decide though nothing has happened; null: none. */
export function nextMoment(state: RunState): number | null {
  let next: number | null = isStopping(state) ? null : (runsPlace(state)?.askAt ?? null);
  const consider = (moment: number | null): void => {
    if (moment !== null && (next === null || moment < next)) next = moment;
  };
  for (const step of Object.values(state.steps)) {
    consider(momentOfOne(step));
    if (step.status === 'running') consider(step.rest?.until ?? null);
    if (hasWaiting(step)) for (const part of step.parts ?? []) consider(momentOfOne(part.state));
  }
  return next;
}

const momentOfOne = (state: OneState | undefined): number | null =>
  state?.status === 'held' ? momentOf(state.hold) : state?.status === 'waiting' ? (state.until ?? null) : null;
