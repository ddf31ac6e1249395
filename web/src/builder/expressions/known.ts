import type { JobDefinition, ParameterSchema, StepDefinition } from '#jobs/definition.ts';
import type { JsonSchema } from '#jobs/json.ts';
import type { StepTypeView } from '../views.ts';

/** What completion knows of a definition and of the step types there are. */
export interface Known {
  readonly parameters: { readonly [name: string]: ParameterSchema };
  readonly steps: readonly StepDefinition[];
  readonly types: readonly StepTypeView[];
  /** What a step of this type takes. */
  configOf(type: string | undefined): JsonSchema | undefined;
  /** What a step of this type answers. */
  resultOf(type: string | undefined): JsonSchema | undefined;
}

/** Gathers what a definition names. */
export const knownFrom = (definition: JobDefinition | null, types: readonly StepTypeView[]): Known => {
  const byType = new Map(types.map((one) => [one.type, one]));
  return {
    parameters: definition?.parameters ?? {},
    steps: (definition?.steps ?? []).filter(({ id }) => typeof id === 'string'),
    types,
    configOf: (type) => byType.get(type ?? '')?.config,
    resultOf: (type) => byType.get(type ?? '')?.result,
  };
};
