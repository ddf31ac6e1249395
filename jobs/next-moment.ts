import type { OneState, RunState } from './apply-event.ts';
import { momentOf } from './holds/hold.ts';

/** The next moment (epoch milliseconds) at which a run has something to decide though nothing has happened; null: none. */
export function nextMoment({ steps }: RunState): number | null {
  let next: number | null = null;
  const consider = (state: OneState | undefined): void => {
    const moment = state?.status === 'held' ? momentOf(state.hold) : null;
    if (moment !== null && (next === null || moment < next)) next = moment;
  };
  for (const step of Object.values(steps)) {
    consider(step);
    for (const part of step.parts ?? []) consider(part.state);
  }
  return next;
}
