import type { JobDefinition } from '#jobs/definition.ts';
import type { JsonSchema } from '#jobs/json.ts';

/** The parameters of a definition as one schema; a plan asks for no secrets. */
export const parametersSchema = (parameters: JobDefinition['parameters'], which: 'all' | 'open'): JsonSchema => {
  const asked = Object.entries(parameters ?? {}).filter(([, schema]) => which === 'all' || !schema.secret);
  return {
    type: 'object',
    properties: Object.fromEntries(asked),
    required: asked.flatMap(([name, { default: standard }]) => (standard === undefined ? [name] : [])),
  };
};
