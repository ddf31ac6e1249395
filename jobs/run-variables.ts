import type { RunState, StepState } from './apply-event.ts';
import type { Variables } from './expression/variables.ts';
import { outputsOfSlices } from './items/slices.ts';
import type { JsonObject } from './json.ts';
import { seenSchedule } from './schedules/context.ts';

/** What a step hands on, or each of its parts. */
export type StepOutputs = JsonObject | readonly JsonObject[];

/** What expressions of a run see: its parameters, itself, and each ended step's status and outputs. */
export function variablesOf(state: RunState): Variables {
  const { facts } = state;
  const ending = state.ending ?? facts.ending;
  const own = Object.fromEntries(Object.entries(state.steps).map(([key, step]) => [key, { status: step.status, ...seenOutputs(step) }]));
  const steps = facts.ending ? { ...pendingSteps(facts.ending.pending), ...own } : own;
  const { run: id, job, started_at } = facts;
  return {
    parameters: facts.parameters,
    steps,
    run: { id, job, started_at, status: ending?.status ?? 'running', error: ending?.error ?? '' },
    target: typeof facts.target === 'string' ? facts.target : '',
    schedule: seenSchedule(facts.schedule),
  };
}

/** What stops a run leaves steps without a state; whoever looks back at it sees them all the same. */
export const pendingSteps = (ids: readonly string[]): Variables['steps'] & object =>
  Object.fromEntries(ids.map((id) => [id, { status: 'pending', outputs: {} }]));

/** Outputs that were too large to be kept are not there, so that whoever names them hears of it. */
function seenOutputs(step: StepState): { readonly outputs?: StepOutputs } {
  const outputs = keptOutputs(step);
  return outputs === null ? {} : { outputs };
}

/** The same as `outputsOf`; null where they were too large for the run to keep, so that each part's row alone has its own. */
export const keptOutputs = (step: StepState): StepOutputs | null =>
  step.slices && step.status !== 'running' ? outputsOfSlices(step.slices) : outputsOf(step);

/** What later steps see of a step: its outputs, those given for it when it was skipped, or a list of those of its parts, in their order. */
export function outputsOf(step: StepState): StepOutputs {
  if (step.parts === undefined) return ('outputs' in step ? step.outputs : undefined) ?? {};
  if (step.status === 'running') return [];
  if (step.slices) return outputsOfSlices(step.slices) ?? [];
  return step.parts.flatMap(({ state }) => (state && 'outputs' in state && state.outputs ? [state.outputs] : []));
}
