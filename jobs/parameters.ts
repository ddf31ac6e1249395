import { toldAsked } from './asked-parameters.ts';
import { boundViolations } from './bounds.ts';
import { canonical } from './canonical.ts';
import type { JobDefinition } from './definition.ts';
import type { Json, JsonObject } from './json.ts';
import { LIMITS } from './limits.ts';
import { valueProblems, withoutSecrets } from './parameter-values.ts';
import { errorAt, InvalidInput, type Problem, pointerTo } from './problem.ts';
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

  const { chosen, hidden, asked } = choose(schemas, given);
  const values = Object.fromEntries(chosen);
  const found = valueProblems(schemas, values, (name) => asked.has(name));
  const problems = [...withoutSecrets(hidden, schemas), ...found];
  if (problems.length > 0) throw new InvalidInput(problems);

  const secret = new Set(secretNames(schemas));
  const open = Object.keys(schemas).filter((name) => !secret.has(name));
  const parameters = Object.fromEntries(open.map((name) => [name, chosen.get(name) ?? null]));
  return { parameters, secrets: Object.fromEntries([...chosen].filter((entry): entry is [string, string] => secret.has(entry[0]))) };
}

/** What was given, else the default, of those that are asked for. */
function choose(schemas: Schemas, given: JsonObject) {
  const asked = toldAsked(schemas, given, (pointer, problem) => {
    throw new InvalidInput([errorAt(pointer, problem)]);
  });
  const chosen = new Map<string, Json>();
  const hidden: Problem[] = [];
  for (const name of new Set([...Object.keys(schemas), ...Object.keys(given)])) {
    const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
    const isAsked = schema === undefined || asked.has(name);
    const isGiven = Object.hasOwn(given, name);
    const value = isGiven && isAsked ? given[name] : schema?.default;
    // A run that is repeated brings what its hidden parameters had.
    if (isGiven && !isAsked && canonical(given[name] ?? null) !== canonical(schema.default ?? null)) {
      hidden.push(errorAt(pointerTo('/parameters', name), `is not asked for unless ${schema.visible_if}`));
    }
    if (value !== undefined) chosen.set(name, value);
  }
  return { chosen, hidden, asked };
}
