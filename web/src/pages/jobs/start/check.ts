import type { ParameterSchema } from '#jobs/definition.ts';
import type { JsonObject } from '#jobs/json.ts';
import type { Problem } from '#jobs/problem.ts';

type Schemas = Readonly<Record<string, ParameterSchema>>;

/** Everything wrong with parameters, by the validator that the server uses; it is loaded when first needed, and where it cannot be, the server alone judges. */
export const checkParameters = async (
  schemas: Schemas,
  given: JsonObject,
  isAsked: (name: string) => boolean,
): Promise<readonly Problem[]> => {
  const validator = await import('#jobs/parameter-values.ts').catch(() => null);
  return validator?.valueProblems(schemas, given, isAsked) ?? [];
};

/** Whether any parameter is only asked for sometimes. */
export const hasConditions = (schemas: Schemas): boolean => Object.values(schemas).some((schema) => schema.visible_if !== undefined);

/** Loads what tells which parameters are asked for, by the expressions of the job; the page needs it only where there are some. */
export const loadAsked = async () => (await import('#jobs/asked-parameters.ts')).askedParameters;
