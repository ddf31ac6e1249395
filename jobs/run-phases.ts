import { isCleanUp } from './gate.ts';
import type { Plan, PlannedStep } from './plan.ts';

/** The parts of a run's course, in the order in which they come. */
export const RUN_PHASES = ['main', 'undo', 'on_failure', 'on_cancel', 'clean_up'] as const;
export type RunPhase = (typeof RUN_PHASES)[number];

/** Every step of a plan with its phase, the phases in their order; what undoes comes last step first. */
export function phasedSteps({ steps, onFailure = [], onCancel = [] }: Plan): readonly (PlannedStep & { readonly phase: RunPhase })[] {
  const undo = steps.flatMap(({ compensate }) => (compensate ? [compensate] : [])).reverse();
  const phases = {
    main: steps.filter((step) => !isCleanUp(step)),
    undo,
    on_failure: onFailure,
    on_cancel: onCancel,
    clean_up: steps.filter(isCleanUp),
  } as const satisfies Record<RunPhase, readonly PlannedStep[]>;
  return RUN_PHASES.flatMap((phase) => phases[phase].map((step) => ({ ...step, phase })));
}
