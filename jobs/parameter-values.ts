import type { JobDefinition } from './definition.ts';
import { bytesAsJson, type JsonObject } from './json.ts';
import { violations } from './json-schema.ts';
import { LIMITS } from './limits.ts';
import { errorAt, keysOf, type Problem } from './problem.ts';
import { take } from './take.ts';

type Schemas = NonNullable<JobDefinition['parameters']>;

/** Everything wrong with the values a run would start with, at pointers such as `/parameters/site`; a secret value is never repeated. Whoever fills in a form and whoever starts the run judge by it. */
export function valueProblems(schemas: Schemas, chosen: JsonObject, isRequired: (name: string) => boolean): readonly Problem[] {
  const schema = {
    type: 'object',
    additionalProperties: false,
    properties: schemas,
    required: Object.keys(schemas).filter(isRequired),
  };
  const problems = [...take(violations(schema, chosen, '/parameters'), LIMITS.problems)];
  if (problems.length > 0) return withoutSecrets(problems, schemas);
  const bytes = bytesAsJson(chosen);
  return bytes > LIMITS.parameterBytes
    ? [errorAt('/parameters', `take ${bytes} bytes as JSON; at most ${LIMITS.parameterBytes} allowed`)]
    : [];
}

/** A value that nobody may see is not repeated to whoever got it wrong: answers are logged. */
export const withoutSecrets = (problems: readonly Problem[], schemas: Schemas): readonly Problem[] =>
  problems.map((problem) => {
    const name = keysOf(problem.pointer)[1] ?? '';
    const isSecret = Object.hasOwn(schemas, name) && schemas[name]?.secret === true;
    if (!isSecret || problem.message.includes('is missing') || problem.message.includes('is not asked for')) return problem;
    return errorAt(problem.pointer, 'is not what the definition asks of this secret');
  });
