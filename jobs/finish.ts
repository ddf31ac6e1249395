import type { RunState } from './apply-event.ts';
import type { EndStatus } from './definition-words.ts';
import { render } from './expression/render.ts';
import { StepFailure } from './failure.ts';
import type { Json } from './json.ts';
import { LIMITS } from './limits.ts';
import type { Decision } from './next-steps.ts';
import type { Plan } from './plan.ts';
import { keptOutputs, variablesOf } from './run-variables.ts';

export type Finish = Extract<Decision, { do: 'finish' }>;

/** How a run ends that has nothing left to do: a wish to stop it decides before its first failure does, and what was decided once stands. */
export function finishOf(plan: Plan, state: RunState): Finish {
  const badly = (status: EndStatus, error: string | null): Finish => ({ do: 'finish', status, error, result: null });
  if (state.ending) return badly(state.ending.status, state.ending.error);
  if (state.cancel) return badly('cancelled', state.cancel.reason);
  if (state.timedOut) return badly('timed_out', `the run took longer than its limit of ${plan.timeoutMs} ms`);
  const failure = state.firstFailure === null ? undefined : state.steps[state.firstFailure];
  if (failure && 'error' in failure) {
    return badly(failure.status === 'lost' ? 'lost' : 'failed', `step ${state.firstFailure}: ${failure.error.message}`);
  }
  try {
    return { do: 'finish', status: 'completed', error: null, result: resultOf(plan, state) };
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    return badly('failed', `outputs: ${error.message}`);
  }
}

/** The run's result: its declared outputs, else what its steps answered, as long as that is small enough for a row. */
function resultOf(plan: Plan, state: RunState): Json {
  if (Object.keys(plan.outputs).length > 0) return render(plan.outputs, variablesOf(state));
  const answers = Object.entries(state.steps).flatMap(([key, step]) =>
    step.status === 'completed' ? [[key, keptOutputs(step)] as const] : [],
  );
  const result = Object.fromEntries(answers);
  return JSON.stringify(result).length <= LIMITS.resultBytes ? result : null;
}
