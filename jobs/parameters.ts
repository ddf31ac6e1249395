import { boundViolations } from './bounds.ts';
import { canonical } from './canonical.ts';
import { conditionOf } from './compile.ts';
import type { JobDefinition, ParameterSchema } from './definition.ts';
import { evaluate } from './expression/evaluate.ts';

import { StepFailure } from './failure.ts';
import { bytesAsJson, type Json, type JsonObject } from './json.ts';
import { violations } from './json-schema.ts';
import { LIMITS } from './limits.ts';
import { errorAt, InvalidInput, keysOf, type Problem, pointerTo } from './problem.ts';
import { secretNames } from './secret-parameters.ts';
import { take } from './take.ts';

type Schemas = NonNullable<JobDefinition['parameters']>;

/** What a run starts with: what everybody may see, and what is sealed for it alone. */
export interface TakenParameters {
  readonly parameters: JsonObject;
  readonly secrets: { readonly [name: string]: string };
}

/** The open parameters a run starts with, in the order of the definition: what was given, else the default. Throws InvalidInput with pointers such as `/parameters/site`. */
export const resolveParameters = (schemas: Schemas | undefined, given: JsonObject): JsonObject => takeParameters(schemas, given).parameters;

/** All parameters a run starts with; one that is not asked for takes its default. Throws InvalidInput, which never repeats a secret value. */
export function takeParameters(schemas: Schemas = {}, given: JsonObject): TakenParameters {
  const bounds = [...take(boundViolations(given, '/parameters'), LIMITS.problems)];
  if (bounds.length > 0) throw new InvalidInput(withoutSecrets(bounds, schemas));

  const { chosen, hidden } = choose(schemas, given);
  const problems = [...hidden, ...take(violations(schemaOf(schemas, chosen), Object.fromEntries(chosen), '/parameters'), LIMITS.problems)];
  if (problems.length > 0) throw new InvalidInput(withoutSecrets(problems, schemas));

  const secret = new Set(secretNames(schemas));
  const open = Object.keys(schemas).filter((name) => !secret.has(name));
  const parameters = Object.fromEntries(open.map((name) => [name, chosen.get(name) ?? null]));
  const breach = sizeBreach(Object.fromEntries(chosen));
  if (breach) throw new InvalidInput([breach]);
  return { parameters, secrets: Object.fromEntries([...chosen].filter((entry): entry is [string, string] => secret.has(entry[0]))) };
}

/** What was given, else the default, one after the other: whether a parameter is asked for depends on those before it. */
function choose(schemas: Schemas, given: JsonObject) {
  const chosen = new Map<string, Json>();
  const hidden: Problem[] = [];
  for (const name of new Set([...Object.keys(schemas), ...Object.keys(given)])) {
    const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
    const pointer = pointerTo('/parameters', name);
    const asked = schema === undefined || isAskedFor(schema, Object.fromEntries(chosen), pointer);
    const isGiven = Object.hasOwn(given, name);
    const value = isGiven && asked ? given[name] : schema?.default;
    // A run that is repeated brings what its hidden parameters had.
    if (isGiven && !asked && canonical(given[name] ?? null) !== canonical(schema.default ?? null)) {
      hidden.push(errorAt(pointer, `is not asked for unless ${schema.visible_if}`));
    }
    if (value !== undefined) chosen.set(name, value);
  }
  return { chosen, hidden };
}

/** Whether a person is asked for a parameter, given those before it. Throws InvalidInput when its condition cannot be told. */
function isAskedFor({ visible_if: condition }: ParameterSchema, parameters: JsonObject, pointer: string): boolean {
  if (condition === undefined) return true;
  try {
    return evaluate(conditionOf(condition), { parameters }, `${pointer}/visible_if`) === true;
  } catch (error) {
    if (error instanceof StepFailure) throw new InvalidInput([errorAt(pointer, error.message)]);
    throw error;
  }
}

const schemaOf = (schemas: Schemas, chosen: ReadonlyMap<string, Json>) => ({
  type: 'object',
  additionalProperties: false,
  properties: schemas,
  required: Object.keys(schemas).filter((name) =>
    isRequired(schemas[name] ?? {}, Object.fromEntries(chosen), pointerTo('/parameters', name)),
  ),
});

const isRequired = (schema: ParameterSchema, parameters: JsonObject, pointer: string): boolean =>
  schema.visible_if === undefined || isAskedFor(schema, parameters, pointer);

/** A value that nobody may see is not repeated to whoever got it wrong: answers are logged. */
const withoutSecrets = (problems: readonly Problem[], schemas: Schemas): readonly Problem[] =>
  problems.map((problem) => {
    const name = keysOf(problem.pointer)[1] ?? '';
    const isSecret = Object.hasOwn(schemas, name) && schemas[name]?.secret === true;
    if (!isSecret || problem.message.includes('is missing') || problem.message.includes('is not asked for')) return problem;
    return errorAt(problem.pointer, 'is not what the definition asks of this secret');
  });

function sizeBreach(chosen: JsonObject): Problem | null {
  const bytes = bytesAsJson(chosen);
  return bytes > LIMITS.parameterBytes
    ? errorAt('/parameters', `take ${bytes} bytes as JSON; at most ${LIMITS.parameterBytes} allowed`)
    : null;
}
