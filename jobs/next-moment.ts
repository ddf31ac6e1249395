import { isStopping, type OneState, type RunState } from './apply-event.ts';
import { momentOf } from './holds/hold.ts';
import { runsPlace } from './lock-state.ts';

/** The next moment (epoch milliseconds) at which a run has something to decide though nothing has happened; null: none. */
export function nextMoment(state: RunState): number | null {
  let next: number | null = isStopping(state) ? null : (runsPlace(state)?.askAt ?? null);
  const consider = (state: OneState | undefined): void => {
    const moment = state?.status === 'held' ? momentOf(state.hold) : state?.status === 'waiting' ? (state.until ?? null) : null;
    if (moment !== null && (next === null || moment < next)) next = moment;
  };
  for (const step of Object.values(state.steps)) {
    consider(step);
    for (const part of step.parts ?? []) consider(part.state);
  }
  return next;
}
