import { DEFINITION_SCHEMA } from './definition-schema.ts';
import type { JsonSchema } from './json.ts';
import type { SpecsByType, StepSpec } from './step.ts';

/** The published JSON Schema (2020-12) of definitions: their shape, with the config of every step type, for editors to complete and check. */
export function jobSchema(specs: SpecsByType): JsonSchema {
  const { step, handler, compensation, ...shared } = DEFINITION_SCHEMA.$defs;
  const types = Object.values(specs);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: '/api/v1/schema/job.json',
    title: 'Capstan job',
    description: 'A job: what to run, where, in which order, and what to do when it fails.',
    ...DEFINITION_SCHEMA,
    $defs: {
      ...shared,
      step: forTypes(step, types),
      handler: forTypes(handler, types),
      compensation: forTypes(compensation, types),
    },
  };
}

const forTypes = (step: JsonSchema, types: readonly StepSpec[]): JsonSchema => ({
  ...step,
  properties: { ...step.properties, type: { ...step.properties?.type, enum: types.map(({ type }) => type) } },
  oneOf: types.map(stepOfType),
});

/** What only steps of one type must keep to. */
function stepOfType(spec: StepSpec): JsonSchema {
  const needsConfig = (spec.config.required ?? []).length > 0;
  const config = { ...withTemplates(spec.config), examples: spec.examples.map((example) => example.config) };
  return {
    title: spec.title,
    properties: { type: { const: spec.type }, config },
    required: needsConfig ? ['type', 'config'] : ['type'],
  };
}

const TEMPLATE = {
  type: 'string',
  pattern: '\\$\\{\\{',
  title: 'An expression',
  description: 'Known when the step starts: ${{ … }}',
} as const;

/** The schema of values any part of which may be a template; the outermost value itself may not. */
function withTemplates(schema: JsonSchema): JsonSchema {
  const { properties, additionalProperties, items, ...rest } = schema;
  return {
    ...rest,
    ...(properties && { properties: Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, orTemplate(part)])) }),
    ...(additionalProperties !== undefined && {
      additionalProperties: typeof additionalProperties === 'boolean' ? additionalProperties : orTemplate(additionalProperties),
    }),
    ...(items && { items: orTemplate(items) }),
  };
}

/** What people read stays outside, where editors look for it. */
function orTemplate(schema: JsonSchema): JsonSchema {
  const { title, description, default: otherwise, ...rest } = schema;
  const words = { ...(title && { title }), ...(description && { description }), ...(otherwise !== undefined && { default: otherwise }) };
  const inner = withTemplates(rest);
  const takesAnyText = rest.type === undefined && rest.enum === undefined && rest.oneOf === undefined && rest.anyOf === undefined;
  return takesAnyText ? { ...words, ...inner } : { ...words, anyOf: [inner, TEMPLATE] };
}
