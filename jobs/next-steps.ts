import { isStopping, type RunState, type SkipReason, type StepState } from './apply-event.ts';
import { evaluate } from './expression/evaluate.ts';
import { render } from './expression/render.ts';
import type { Variables } from './expression/variables.ts';
import { type StepError, StepFailure } from './failure.ts';
import type { Json, JsonObject } from './json.ts';
import { LIMITS } from './limits.ts';
import type { Plan, PlannedStep } from './plan.ts';

/** What a run does next. `wait` names what it waits for; `finish` is the last decision of a run. */
export type Decision =
  | { readonly do: 'start'; readonly step: PlannedStep; readonly config: JsonObject; readonly target: string | null }
  | { readonly do: 'skip'; readonly step: PlannedStep; readonly reason: SkipReason }
  | { readonly do: 'fail'; readonly step: PlannedStep; readonly error: StepError }
  | { readonly do: 'wait'; readonly for: 'steps' | 'intervention' | 'resume' }
  | { readonly do: 'finish'; readonly status: FinishStatus; readonly error: string | null; readonly result: Json };

export type FinishStatus = 'completed' | 'failed' | 'cancelled' | 'timed_out' | 'lost';

/** What the run does next, in definition order: start or skip these steps, wait, or end. Same plan and state, same answer. */
export function nextSteps(plan: Plan, state: RunState): readonly Decision[] {
  if (isStopping(state)) return anyIs(state, 'running') ? [{ do: 'wait', for: 'steps' }] : [finish(plan, state)];

  const variables = once(() => variablesOf(state));
  const decisions = plan.steps.flatMap((step) => decide(step, state, variables) ?? []);
  if (decisions.length > 0) return decisions;
  if (anyIs(state, 'running')) return [{ do: 'wait', for: 'steps' }];
  if (state.paused && plan.steps.some((step) => isOpen(state.steps[step.id]))) return [{ do: 'wait', for: 'resume' }];
  if (anyIs(state, 'waiting')) return [{ do: 'wait', for: 'intervention' }];
  return [finish(plan, state)];
}

/** True for a step that nothing has happened to, or that a person asked to run again. */
const isOpen = (step: StepState | undefined): boolean => step === undefined || step.status === 'retry';

const anyIs = (state: RunState, status: StepState['status']): boolean => Object.values(state.steps).some((step) => step.status === status);

/** Building what expressions see costs as much as the run is long, and most passes need it for one step or none. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function decide(step: PlannedStep, state: RunState, variables: () => Variables): Decision | null {
  const own = state.steps[step.id];
  if (!isOpen(own)) return null;
  const gate = gateOf(step, state);
  if (gate === 'shut') return null;
  if (gate === 'never') return { do: 'skip', step, reason: 'upstream_failed' };
  if (!step.enabled) return { do: 'skip', step, reason: 'disabled' };
  if (state.paused) return null;
  try {
    if (own === undefined && step.if !== null && !isTrue(step, variables())) return { do: 'skip', step, reason: 'condition' };
    const place = `steps.${step.id}`;
    const named = step.target === null ? state.facts.target : String(render(step.target, variables(), { place: `${place}.target` }));
    const config = render(step.config, variables(), { place: `${place}.config`, code: step.code }) as JsonObject;
    return { do: 'start', step, config, target: step.needsTarget ? named : null };
  } catch (error) {
    if (error instanceof StepFailure) return { do: 'fail', step, error: { type: error.type, message: error.message } };
    throw error;
  }
}

/** Whether the steps it needs let a step go on: not yet, yes, or never. */
function gateOf(step: PlannedStep, state: RunState): 'shut' | 'open' | 'never' {
  let gate: 'shut' | 'open' | 'never' = 'open';
  for (const id of step.needs) {
    const need = state.steps[id];
    if (need === undefined || need.status === 'running' || need.status === 'retry' || need.status === 'waiting') gate = 'shut';
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
    Object.entries(state.steps).map(([key, step]) => [
      key,
      { status: step.status, outputs: step.status === 'completed' ? step.outputs : {} },
    ]),
  );
  return {
    parameters: facts.parameters,
    steps,
    run: { id: facts.run, job: facts.job, started_at: facts.started_at },
    target: facts.target ?? '',
  };
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
  const answers = Object.entries(state.steps).flatMap(([key, step]) => (step.status === 'completed' ? [[key, step.outputs] as const] : []));
  const result = Object.fromEntries(answers);
  return JSON.stringify(result).length <= LIMITS.resultBytes ? result : null;
}
