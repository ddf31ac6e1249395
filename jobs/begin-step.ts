import { isOpen, isStopping, type RunState } from './apply-event.ts';
import { isAskedAnyway } from './asked-anyway.ts';
import { chosenTargets } from './chosen-targets.ts';
import { evaluate } from './expression/evaluate.ts';
import { render } from './expression/render.ts';
import type { Variables } from './expression/variables.ts';
import { StepFailure } from './failure.ts';
import type { Gate } from './gate.ts';
import { partsOfItems } from './items/items-of.ts';
import { nextSlices } from './items/next-slices.ts';
import type { Json, JsonObject } from './json.ts';
import { nextParts, type RenderPart, type Room } from './next-parts.ts';
import type { Decision } from './next-steps.ts';
import { type PartVariables, partKey } from './parts.ts';
import type { Plan, PlannedStep } from './plan.ts';
import type { TargetChoice } from './target-choice.ts';

/** A run as its decisions look at it; what is costly to know is made at its first use. */
export interface View {
  readonly plan: Plan;
  readonly state: RunState;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly variables: () => Variables;
  readonly room: () => Room;
  /** What the part that a part undoes had handed on. */
  readonly resultOf?: (n: number) => Json;
}

/** What one step does next, if anything: it goes on with its parts, or it begins, ends without having begun, or waits for its gate or for the run to be resumed. */
export function decide(step: PlannedStep, view: View, gate: (step: PlannedStep, view: View) => Gate): readonly Decision[] {
  const { state } = view;
  const own = state.steps[step.id];
  if (own?.status === 'running' && own.parts) {
    return own.slices ? nextSlices(step, view) : nextParts(step, state, view.now, view.room, (part, n) => renderPart(step, view, part, n));
  }
  if (!isOpen(own) || isStopping(state)) return [];
  const way = gate(step, view);
  if (way === 'shut') return [];
  if (way !== 'open') return [{ do: 'skip', step, reason: way }];
  if (!step.enabled) return [{ do: 'skip', step, reason: 'disabled' }];
  return state.paused ? [] : beginStep(step, view);
}

/** The config of a part, and where it runs: the target it was made for, or the one that its item means. */
function renderPart(step: PlannedStep, view: View, { target: own, ...item }: PartVariables, n: number): ReturnType<RenderPart> {
  const { state, resultOf } = view;
  const seen = { ...view.variables(), ...item, ...(resultOf && { result: resultOf(n) }) };
  const target = own ?? (step.needsTarget ? targetOfItem(step, state, seen) : null);
  const config = configOf(step, state, partKey(step.id, n), target === null ? seen : { ...seen, target });
  return { config, target: step.needsTarget ? target : null };
}

function targetOfItem(step: PlannedStep, state: RunState, variables: Variables): string | null {
  const choice = choiceOf(step, state, () => variables);
  if (choice === null || typeof choice === 'string') return choice;
  throw new StepFailure('invalid_input', `steps.${step.id}.target: each item runs on one target, and these are several; name one`);
}

/** Begins a step that nothing holds back: its condition, where it runs, its config. What cannot be evaluated fails the step. */
function beginStep(step: PlannedStep, { plan, state, variables }: View): readonly Decision[] {
  try {
    const isConditional = state.steps[step.id] === undefined && step.if !== null && !isAskedAnyway(step, plan, state.steps);
    if (isConditional && !isTrue(step, variables())) return [{ do: 'skip', step, reason: 'condition' }];
    if (step.items) return [divided(step, state, variables())];
    const choice = step.needsTarget ? choiceOf(step, state, variables) : null;
    if (choice !== null && typeof choice !== 'string') return [{ do: 'expand', step, choice }];
    const config = configOf(step, state, step.id, choice === null ? variables() : { ...variables(), target: choice });
    return [{ do: step.kind === 'workflow' ? 'hold' : 'start', step, key: step.id, config, target: choice }];
  } catch (error) {
    if (error instanceof StepFailure) return [{ do: 'fail', step, key: step.id, error: { type: error.type, message: error.message } }];
    throw error;
  }
}

/** A step taken apart by its items; those of a step that runs on several targets are refused, since only one of the two can number the parts. */
function divided(step: PlannedStep, state: RunState, variables: Variables): Decision {
  const choice = step.target ?? state.facts.target;
  if (step.needsTarget && choice !== null && typeof choice !== 'string') {
    throw new StepFailure(
      'invalid_input',
      `steps.${step.id}.target: a step with items runs each of them on one target, and this run has several`,
    );
  }
  return { do: 'divide', step, parts: partsOfItems(step, variables) };
}

/** The config of a step or of one of its parts; what a person gave for it stands as it is, in place of what the definition says there. */
function configOf(step: PlannedStep, { edits = {} }: RunState, key: string, variables: Variables): JsonObject {
  const edit = edits[key] ?? {};
  const own = Object.fromEntries(Object.entries(step.config).filter(([field]) => !Object.hasOwn(edit, field)));
  return { ...(render(own, variables, { place: `steps.${step.id}.config`, code: step.code }) as JsonObject), ...edit };
}

/** Where a step runs: where it says, else where the run does. */
function choiceOf(step: PlannedStep, state: RunState, variables: () => Variables): TargetChoice | null {
  const choice = step.target ?? state.facts.target;
  return choice === null ? null : chosenTargets(choice, variables(), `steps.${step.id}.target`);
}

function isTrue(step: PlannedStep, variables: Variables): boolean {
  const answer = evaluate(step.if ?? 'true', variables, `steps.${step.id}.if`);
  if (typeof answer === 'boolean') return answer;
  throw new StepFailure('invalid_input', `step ${step.id}: if must answer true or false, not ${JSON.stringify(answer)}`);
}
