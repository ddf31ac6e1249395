import type { OneState, RunState, StepState } from './apply-event.ts';
import { canonical } from './canonical.ts';
import { isCleanUp } from './gate.ts';
import type { Json } from './json.ts';
import type { Part } from './parts.ts';
import type { Plan, PlannedStep } from './plan.ts';

/** Whether a run of this plan may have to undo something. */
export const hasCompensation = ({ steps }: Plan): boolean => steps.some(({ compensate }) => compensate !== undefined);

/** Ids of the steps that have done something in this run which is to be undone, the last that ended first. */
export function undoneSteps(plan: Plan, { steps, ended = [] }: RunState): readonly string[] {
  const done = plan.steps.filter((step) => step.compensate !== undefined && !isCleanUp(step) && hasDone(steps[step.id]));
  const at = new Map(ended.map((id, place) => [id, place] as const));
  // Nobody wrote down when an older run's steps ended.
  return done
    .map(({ id }) => id)
    .reverse()
    .sort((a, b) => (at.get(b) ?? -1) - (at.get(a) ?? -1));
}

/** A result that was kept of an earlier run is that run's to undo. */
const isDone = (state: OneState | undefined): boolean => state?.status === 'completed' && state.keptFrom === undefined;

const hasDone = (step: StepState | undefined): boolean => (step?.parts ? step.parts.some(({ state }) => isDone(state)) : isDone(step));

/** The parts of a step that completed in this run, as those of the step that undoes it: each on its own target, unless that step names another. */
export function partsToUndo({ target, compensate }: PlannedStep, { parts = [] }: StepState): readonly Part[] {
  const isElsewhere =
    compensate !== undefined && compensate.target !== null && canonical(compensate.target as Json) !== canonical(target as Json);
  return parts.flatMap(({ state, target: own, ...part }, n) =>
    isDone(state) ? [{ ...part, ...(own !== undefined && !isElsewhere && { target: own }), undoes: n }] : [],
  );
}
