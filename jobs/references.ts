import type { CompensationDefinition, JobDefinition, StepDefinition } from './definition.ts';
import { JOB_RUN } from './sub-jobs.ts';
import type { TargetChoice } from './target-choice.ts';

/** A step, a handler or a compensation, where it stands, and the target it is carried out on when it needs one; null: whatever a start says. */
export interface PlacedStep {
  readonly pointer: string;
  readonly step: CompensationDefinition;
  readonly target: TargetChoice | null;
}

/** Everything in a definition that does something, in its order. */
export function placedSteps(definition: JobDefinition): readonly PlacedStep[] {
  const placed = (step: Omit<StepDefinition, 'id'>, pointer: string): readonly PlacedStep[] => {
    const target = step.target ?? definition.target ?? null;
    const { compensate } = step;
    const undoing = compensate ? [{ pointer: `${pointer}/compensate`, step: compensate, target: compensate.target ?? target }] : [];
    return [{ pointer, step, target }, ...undoing];
  };
  return (['steps', 'on_failure', 'on_cancel'] as const).flatMap((list) =>
    (definition[list] ?? []).flatMap((step, at) => placed(step as StepDefinition, `/${list}/${at}`)),
  );
}

/** How one job depends on another: a step starts it, its end starts this one, or a parameter is chosen from its outputs. */
export const DEPENDENCES = ['step', 'trigger', 'choices'] as const;
export type Dependence = (typeof DEPENDENCES)[number];

/** A job that a definition names, and which version or tag of it, where it says so. */
export interface JobReference {
  readonly job: string;
  readonly version?: number;
  readonly tag?: string;
  readonly how: Dependence;
  readonly pointer: string;
}

/** The jobs that a definition names. */
export function jobReferences(definition: JobDefinition): readonly JobReference[] {
  const steps = placedSteps(definition).flatMap(({ step, pointer }): readonly JobReference[] => {
    const { job, version, tag } = step.type === JOB_RUN ? (step.config ?? {}) : {};
    if (typeof job !== 'string') return [];
    const which = { ...(typeof version === 'number' && { version }), ...(typeof tag === 'string' && { tag }) };
    return [{ job, ...which, how: 'step', pointer: `${pointer}/config/job` }];
  });
  const triggers = (definition.triggers ?? []).flatMap(({ job }, at) =>
    [job].flat().map((name): JobReference => ({ job: name, how: 'trigger', pointer: `/triggers/${at}/job` })),
  );
  const choices = Object.entries(definition.parameters ?? {}).flatMap(([name, { choices: from }]): readonly JobReference[] =>
    from?.job ? [{ job: from.job.name, how: 'choices', pointer: `/parameters/${name}/choices/job/name` }] : [],
  );
  return [...choices, ...triggers, ...steps];
}
