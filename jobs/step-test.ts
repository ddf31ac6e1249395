import type { RunState, StepState } from './apply-event.ts';
import type { JobDefinition } from './definition.ts';
import { type EarlierStep, earlierStates } from './earlier-states.ts';
import { upstreamOf } from './graph.ts';
import type { JsonObject } from './json.ts';
import type { Plan } from './plan.ts';

/** A definition of which one step can be tried: what follows a run, what undoes the step and what is made of the outputs of others is left out. */
export function onlyStep(definition: JobDefinition, wanted: string): JsonObject {
  const { on_failure: _failure, on_cancel: _cancel, outputs: _outputs, triggers: _triggers, active: _active, ...kept } = definition;
  const steps = definition.steps.map((step) => {
    if (step.id !== wanted) return step;
    const { compensate: _undo, enabled: _enabled, ...tried } = step;
    return tried;
  });
  return { ...kept, steps } as unknown as JsonObject;
}

/** Where the steps before one stand when it is tried: as given, or as the rows of an earlier run say. */
export function givenInputs(
  { steps }: Plan,
  wanted: string,
  rows: readonly EarlierStep[],
  outputs: { readonly [step: string]: JsonObject },
): RunState['steps'] {
  const before = upstreamOf(wanted, new Map(steps.map(({ id, needs }) => [id, needs])));
  const recorded = earlierStates(rows);
  return Object.fromEntries(
    [...before].flatMap((id): readonly (readonly [string, StepState])[] => {
      const given = outputs[id];
      if (given !== undefined) return [[id, { status: 'completed', outputs: given }]];
      const known = recorded[id];
      return known?.status === 'completed' ? [[id, known]] : [];
    }),
  );
}
