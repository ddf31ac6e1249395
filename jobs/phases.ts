import { type Ending, isOver, type PartState, type RunState } from './apply-event.ts';
import { decide, type View } from './begin-step.ts';
import type { Variables } from './expression/variables.ts';
import type { Finish } from './finish.ts';
import { cleanUpGateOf, isCleanUp, plannedStep } from './gate.ts';
import type { Json } from './json.ts';
import type { Decision } from './next-steps.ts';
import { once } from './once.ts';
import type { PlannedStep } from './plan.ts';
import { outputsOf, pendingSteps } from './run-variables.ts';
import { partsToUndo, undoneSteps } from './undo.ts';

/** What a run that ends so has to do before: undo what was done, handle, clean up. Null: nothing, since nothing was begun before it was stopped, or a person forced it to its end. */
export function endingOf({ plan, state }: Pick<View, 'plan' | 'state'>, { status, error }: Finish): Ending | null {
  if (status === 'completed' || state.ending || state.forced) return null;
  if ((state.cancel || state.timedOut) && !hasBegun(state)) return null;
  const ending: Ending = { status, error, undo: undoneSteps(plan, state) };
  const hasMore = ending.undo.length > 0 || handlersOf(plan, ending).length > 0;
  return hasMore || plan.steps.some((step) => isCleanUp(step) && !isOver(state.steps[step.id])) ? ending : null;
}

/** Whether anything was begun in this run, which may have waited for its moment, or kept results of another. */
const hasBegun = ({ steps }: RunState): boolean =>
  Object.values(steps).some((step) => step.status !== 'skipped' && !('keptFrom' in step && step.keptFrom !== undefined));

const handlersOf = ({ onFailure = [], onCancel = [] }: View['plan'], { status }: Ending): readonly PlannedStep[] =>
  status === 'cancelled' ? onCancel : onFailure;

/**
 * What a run does that ends badly, once all that was under way has ended: it undoes what was done, the last first, then runs its handlers,
 * one thing after the other, and then whatever is left to clean up. How one of them ends holds up none of those behind it, nor does a pause.
 */
export function lateSteps(view: View, ending: Ending): readonly Decision[] {
  const late: View = { ...view, state: { ...view.state, paused: false }, variables: once(() => ofAllSteps(view)) };
  const isAhead = ({ id }: PlannedStep): boolean => !isOver(view.state.steps[id]);
  for (const id of ending.undo) {
    const step = plannedStep(view.plan, id);
    if (step?.compensate && isAhead(step.compensate)) return undo(step, step.compensate, late);
  }
  const handler = handlersOf(view.plan, ending).find(isAhead);
  if (handler) return decide(handler, late, () => 'open');
  return view.plan.steps.filter(isCleanUp).flatMap((step) => decide(step, late, cleanUpGateOf));
}

function ofAllSteps({ plan, variables }: View): Variables {
  const own = variables();
  return { ...own, steps: { ...pendingSteps(plan.steps.map(({ id }) => id)), ...own.steps } };
}

/** Undoes a step, on each of its parts that had completed; expressions see as `result` what the step or that part handed on. */
function undo(step: PlannedStep, compensation: PlannedStep, view: View): readonly Decision[] {
  const done = view.state.steps[step.id];
  const open = () => 'open' as const;
  if (done?.parts === undefined) {
    const result = done === undefined ? null : (outputsOf(done) as Json);
    return decide(compensation, { ...view, variables: () => ({ ...view.variables(), result }) }, open);
  }
  const own = view.state.steps[compensation.id];
  if (own === undefined) return [{ do: 'divide', step: compensation, parts: partsToUndo(step, done) }];
  const resultOf = (n: number): Json => outputsOfPart(done.parts?.[own.parts?.[n]?.undoes ?? -1]);
  return decide(compensation, { ...view, resultOf }, open);
}

const outputsOfPart = (part: PartState | undefined): Json => (part?.state?.status === 'completed' ? part.state.outputs : null);
