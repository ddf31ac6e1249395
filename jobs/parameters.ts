import { boundViolations } from './bounds.ts';
import type { JobDefinition } from './definition.ts';
import { bytesAsJson, type Json, type JsonObject } from './json.ts';
import { violations } from './json-schema.ts';
import { LIMITS } from './limits.ts';
import { errorAt, InvalidInput, type Problem } from './problem.ts';
import { take } from './take.ts';

type Schemas = NonNullable<JobDefinition['parameters']>;

/** The parameters a run starts with, in the order of the definition: what was given, else the default. Throws InvalidInput with pointers such as `/parameters/site`. */
export function resolveParameters(schemas: Schemas = {}, given: JsonObject): JsonObject {
  const bounds = [...take(boundViolations(given, '/parameters'), LIMITS.problems)];
  if (bounds.length > 0) throw new InvalidInput(bounds);

  const names = [...new Set([...Object.keys(schemas), ...Object.keys(given)])];
  const chosen = new Map(names.flatMap((name) => chosenValue(name, schemas, given)));
  const problems = [...take(violations(schemaOf(schemas), Object.fromEntries(chosen), '/parameters'), LIMITS.problems)];
  if (problems.length > 0) throw new InvalidInput(problems);

  const resolved = Object.fromEntries(Object.keys(schemas).map((name) => [name, chosen.get(name) ?? null]));
  const breach = sizeBreach(resolved);
  if (breach) throw new InvalidInput([breach]);
  return resolved;
}

function chosenValue(name: string, schemas: Schemas, given: JsonObject): readonly (readonly [string, Json])[] {
  const value = Object.hasOwn(given, name) ? given[name] : schemas[name]?.default;
  return value === undefined ? [] : [[name, value]];
}

const schemaOf = (schemas: Schemas) => ({
  type: 'object',
  additionalProperties: false,
  properties: schemas,
  required: Object.keys(schemas),
});

function sizeBreach(resolved: JsonObject): Problem | null {
  const bytes = bytesAsJson(resolved);
  return bytes > LIMITS.parameterBytes
    ? errorAt('/parameters', `take ${bytes} bytes as JSON; at most ${LIMITS.parameterBytes} allowed`)
    : null;
}
