import type { OneState, RunState } from '../apply-event.ts';
import { hasWaiting } from '../items/tally.ts';
import type { Decision } from '../next-steps.ts';
import { partKey } from '../parts.ts';
import { allSteps, type Plan, type PlannedStep } from '../plan.ts';
import { moveOf } from './hold.ts';

/** What becomes of the steps and parts that wait, by what they received or by time alone; in the order of the plan. */
export function dueHolds(plan: Plan, state: RunState, now: number): readonly Decision[] {
  const waits = (one: OneState | undefined): boolean => one?.status === 'held' || one?.status === 'waiting';
  return allSteps(plan).flatMap((step) => {
    const own = state.steps[step.id];
    if (own === undefined) return [];
    const parts = hasWaiting(own) ? (own.parts ?? []) : [];
    const offset = own.within?.offset ?? 0;
    return [
      ...(waits(own) ? dueOf(step, step.id, own, now) : []),
      ...parts.flatMap((part, n) => (part.state ? dueOf(step, partKey(step.id, offset + n), part.state, now) : [])),
    ];
  });
}

function dueOf(step: PlannedStep, key: string, state: OneState, now: number): readonly Decision[] {
  if (state.status === 'held') {
    const move = moveOf(state.hold, now);
    return move ? [{ do: 'move', step, key, move }] : [];
  }
  if (state.status !== 'waiting' || state.until === undefined || now < state.until) return [];
  return [{ do: 'give_up', step, key, error: state.error, attempts: state.attempts }];
}
