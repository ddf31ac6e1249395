import type { RunState } from './apply-event.ts';
import type { Plan } from './plan.ts';

/** The steps of a plan that were not chosen, as a run begins with them; null: all were. */
export const unchosenSteps = ({ steps }: Plan, chosen: readonly string[] | null): RunState['steps'] =>
  Object.fromEntries(
    chosen === null
      ? []
      : steps.flatMap(({ id }) => (chosen.includes(id) ? [] : [[id, { status: 'skipped', reason: 'not_selected' }] as const])),
  );
