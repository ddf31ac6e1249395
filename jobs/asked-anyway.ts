import type { StepState } from './apply-event.ts';
import { readsIn } from './expression/evaluate.ts';
import { upstreamOf } from './graph.ts';
import type { Plan, PlannedStep } from './plan.ts';

/**
 * Whether an approval is asked for whatever its condition says: the condition reads steps, and one before it was skipped by a person or not chosen
 * at the start. Else whoever says what a step came to would decide whether anybody is asked.
 */
export function isAskedAnyway(
  { id, type, if: condition }: PlannedStep,
  { steps }: Plan,
  states: { readonly [id: string]: StepState },
): boolean {
  if (type !== 'approval' || condition === null) return false;
  const reads = readsIn(condition);
  if (reads !== null && !reads.parts.has('steps')) return false;
  const upstream = upstreamOf(id, new Map(steps.map((step) => [step.id, step.needs])));
  return [...upstream].some((before) => isMadeUp(states[before]));
}

function isMadeUp(state: StepState | undefined): boolean {
  const all = [state, ...(state?.parts ?? []).map((part) => part.state)];
  return all.some((one) => one?.status === 'skipped' && (one.reason === 'person' || one.reason === 'not_selected'));
}
