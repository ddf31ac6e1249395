import { isOpen, isStopping, needsPerson, type RunState, type SkipReason, type StepState, worksOf } from './apply-event.ts';
import { chosenTargets, type ManyTargets } from './chosen-targets.ts';
import { evaluate } from './expression/evaluate.ts';
import { render } from './expression/render.ts';
import type { Variables } from './expression/variables.ts';
import { type StepError, StepFailure } from './failure.ts';
import type { Json, JsonObject } from './json.ts';
import { LIMITS } from './limits.ts';
import { nextParts, type Room, roomIn } from './next-parts.ts';
import type { Plan, PlannedStep } from './plan.ts';
import type { TargetChoice } from './target-choice.ts';

/** What a run does next. `wait` names what it waits for; `finish` is the last decision of a run. */
export type Decision =
  /** `key` is the step's, or that of one of its parts. */
  | { readonly do: 'start'; readonly step: PlannedStep; readonly key: string; readonly config: JsonObject; readonly target: string | null }
  /** A step that the run itself carries out begins. */
  | { readonly do: 'hold'; readonly step: PlannedStep; readonly key: string; readonly config: JsonObject; readonly target: string | null }
  /** Look up the targets, and take the step apart into one part for each. */
  | { readonly do: 'expand'; readonly step: PlannedStep; readonly choice: ManyTargets }
  /** All parts have completed, and so has their step. */
  | { readonly do: 'complete'; readonly step: PlannedStep }
  | { readonly do: 'skip'; readonly step: PlannedStep; readonly reason: SkipReason }
  | { readonly do: 'fail'; readonly step: PlannedStep; readonly key: string; readonly error: StepError }
  | { readonly do: 'wait'; readonly for: 'steps' | 'hold' | 'intervention' | 'resume' }
  | { readonly do: 'finish'; readonly status: FinishStatus; readonly error: string | null; readonly result: Json };

/** What a step hands on, or each of its parts. */
export type StepOutputs = JsonObject | readonly JsonObject[];

export type FinishStatus = 'completed' | 'failed' | 'cancelled' | 'timed_out' | 'lost';

/** What the run does next at this moment (epoch milliseconds), in definition order: start or skip these steps, wait, or end. Same plan, state and moment, same answer. */
export function nextSteps(plan: Plan, state: RunState, now: number): readonly Decision[] {
  const variables = once(() => variablesOf(state));
  const room = once(() => roomIn(state));
  const decisions = plan.steps.flatMap((step) => decide(step, state, variables, room));
  if (decisions.length > 0) return decisions;
  if (Object.values(state.steps).some((step) => worksOf(step) > 0)) return [{ do: 'wait', for: 'steps' }];
  if (isStopping(state)) return [finish(plan, state)];
  if (Object.values(state.steps).some(({ status }) => status === 'held')) return [{ do: 'wait', for: 'hold' }];
  if (state.paused && plan.steps.some(({ id }) => isUnfinished(state.steps[id]))) return [{ do: 'wait', for: 'resume' }];
  if (Object.values(state.steps).some(needsPerson)) return [{ do: 'wait', for: 'intervention' }];
  return [finish(plan, state)];
}

const isUnfinished = (step: StepState | undefined): boolean => isOpen(step) || (step?.parts?.some(({ state }) => isOpen(state)) ?? false);

/** Building what expressions see costs as much as the run is long, and most passes need it for one step or none. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function decide(step: PlannedStep, state: RunState, variables: () => Variables, room: () => Room): readonly Decision[] {
  const own = state.steps[step.id];
  if (own?.status === 'running' && own.parts) {
    return nextParts(step, state, room, ({ target }) => configOf(step, { ...variables(), target }));
  }
  if (!isOpen(own) || isStopping(state)) return [];
  const gate = gateOf(step, state);
  if (gate === 'shut') return [];
  if (gate === 'never') return [{ do: 'skip', step, reason: 'upstream_failed' }];
  if (!step.enabled) return [{ do: 'skip', step, reason: 'disabled' }];
  if (state.paused) return [];
  try {
    if (own === undefined && step.if !== null && !isTrue(step, variables())) return [{ do: 'skip', step, reason: 'condition' }];
    const choice = step.needsTarget ? choiceOf(step, state, variables) : null;
    if (choice !== null && typeof choice !== 'string') return [{ do: 'expand', step, choice }];
    const config = configOf(step, choice === null ? variables() : { ...variables(), target: choice });
    return [{ do: step.kind === 'workflow' ? 'hold' : 'start', step, key: step.id, config, target: choice }];
  } catch (error) {
    if (error instanceof StepFailure) return [{ do: 'fail', step, key: step.id, error: { type: error.type, message: error.message } }];
    throw error;
  }
}

const configOf = (step: PlannedStep, variables: Variables): JsonObject =>
  render(step.config, variables, { place: `steps.${step.id}.config`, code: step.code }) as JsonObject;

/** Where a step runs: where it says, else where the run does. */
function choiceOf(step: PlannedStep, state: RunState, variables: () => Variables): TargetChoice | null {
  const choice = step.target ?? state.facts.target;
  return choice === null ? null : chosenTargets(choice, variables(), `steps.${step.id}.target`);
}

/** Whether the steps it needs let a step go on: not yet, yes, or never. */
function gateOf(step: PlannedStep, state: RunState): 'shut' | 'open' | 'never' {
  let gate: 'shut' | 'open' | 'never' = 'open';
  for (const id of step.needs) {
    const need = state.steps[id];
    if (need === undefined || need.status === 'running' || need.status === 'retry' || need.status === 'waiting' || need.status === 'held')
      gate = 'shut';
    else if (!satisfies(need)) return 'never';
  }
  return gate;
}

/** A need is met by success, by a skip of the step's own making, and by a failure its author allowed. */
function satisfies(need: StepState): boolean {
  if (need.status === 'completed') return true;
  if (need.status === 'skipped') return need.reason !== 'upstream_failed';
  return 'tolerated' in need && need.tolerated;
}

function isTrue(step: PlannedStep, variables: Variables): boolean {
  const answer = evaluate(step.if ?? 'true', variables, `steps.${step.id}.if`);
  if (typeof answer === 'boolean') return answer;
  throw new StepFailure('invalid_input', `step ${step.id}: if must answer true or false, not ${JSON.stringify(answer)}`);
}

/** What expressions of a run see: its parameters, itself, and each ended step's status and outputs. */
export function variablesOf(state: RunState): Variables {
  const { facts } = state;
  const steps = Object.fromEntries(
    Object.entries(state.steps).map(([key, step]) => [key, { status: step.status, outputs: outputsOf(step) }]),
  );
  return {
    parameters: facts.parameters,
    steps,
    run: { id: facts.run, job: facts.job, started_at: facts.started_at },
    target: typeof facts.target === 'string' ? facts.target : '',
  };
}

/** What later steps see of a step: its outputs, or a list of those of its parts that completed, in the order of its targets. */
export function outputsOf(step: StepState): StepOutputs {
  if (step.parts === undefined) return step.status === 'completed' ? step.outputs : {};
  if (step.status === 'running') return [];
  return step.parts.flatMap(({ state }) => (state?.status === 'completed' ? [state.outputs] : []));
}

function finish(plan: Plan, state: RunState): Decision {
  if (state.cancel) return { do: 'finish', status: 'cancelled', error: state.cancel.reason, result: null };
  if (state.timedOut)
    return { do: 'finish', status: 'timed_out', error: `the run took longer than its limit of ${plan.timeoutMs} ms`, result: null };
  const failure = state.firstFailure === null ? undefined : state.steps[state.firstFailure];
  if (failure && 'error' in failure) {
    const status = failure.status === 'lost' ? 'lost' : failure.status === 'cancelled' ? 'cancelled' : 'failed';
    return { do: 'finish', status, error: `step ${state.firstFailure}: ${failure.error.message}`, result: null };
  }
  try {
    return { do: 'finish', status: 'completed', error: null, result: resultOf(plan, state) };
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    return { do: 'finish', status: 'failed', error: `outputs: ${error.message}`, result: null };
  }
}

/** The run's result: its declared outputs, else what its steps answered, as long as that is small enough for a row. */
function resultOf(plan: Plan, state: RunState): Json {
  if (Object.keys(plan.outputs).length > 0) return render(plan.outputs, variablesOf(state));
  const answers = Object.entries(state.steps).flatMap(([key, step]) =>
    step.status === 'completed' ? [[key, outputsOf(step)] as const] : [],
  );
  const result = Object.fromEntries(answers);
  return JSON.stringify(result).length <= LIMITS.resultBytes ? result : null;
}
