import type { JsonSchema } from './json.ts';
import { LIMITS } from './limits.ts';
import { duration, expression, identifier, name } from './schema-words.ts';

/** JSON Schema as parameters may use it; `parameter-schema.ts` checks which keyword goes with which type. */
export const PARAMETER_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  title: 'Parameter',
  description: 'A JSON Schema; without default a value is required. Patterns are RE2.',
  required: ['type'],
  properties: {
    type: { enum: ['string', 'integer', 'number', 'boolean', 'array', 'object'] },
    title: { type: 'string', maxLength: 200 },
    description: { type: 'string', maxLength: 10_000 },
    default: { description: 'Taken when no value is given.' },
    enum: { type: 'array', minItems: 1, maxItems: 1000, uniqueItems: true },
    const: {},
    examples: { type: 'array', maxItems: 100 },
    secret: { type: 'boolean', description: 'Sealed for the run, gone when it ends, shown nowhere.' },
    order: { type: 'number', description: 'Place in the form.' },
    group: { type: 'string', minLength: 1, maxLength: 100, description: 'Heading in the form.' },
    visible_if: { ...expression, description: 'Asked for only while this is true of the other parameters.' },
    choices: { $ref: '#/$defs/choices' },
    minLength: { type: 'integer', minimum: 0 },
    maxLength: { type: 'integer', minimum: 0 },
    pattern: { type: 'string', maxLength: 1000 },
    minimum: { type: 'number' },
    maximum: { type: 'number' },
    exclusiveMinimum: { type: 'number' },
    exclusiveMaximum: { type: 'number' },
    multipleOf: { type: 'number', exclusiveMinimum: 0 },
    items: { $ref: '#/$defs/parameter' },
    minItems: { type: 'integer', minimum: 0 },
    maxItems: { type: 'integer', minimum: 0 },
    uniqueItems: { type: 'boolean' },
    properties: { type: 'object', maxProperties: 100, additionalProperties: { $ref: '#/$defs/parameter' } },
    required: { type: 'array', maxItems: 100, uniqueItems: true, items: { type: 'string' } },
    additionalProperties: {
      anyOf: [{ type: 'boolean' }, { $ref: '#/$defs/parameter' }],
    },
    minProperties: { type: 'integer', minimum: 0 },
    maxProperties: { type: 'integer', minimum: 0 },
  },
  examples: [{ type: 'string', enum: ['ber', 'fra'], title: 'Site' }],
} as const satisfies JsonSchema;

export const CHOICES_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  title: 'Choices',
  description: 'Where the values come from that a person chooses among: one of values, targets, job or http.',
  properties: {
    values: { type: 'array', maxItems: 1000 },
    targets: { $ref: '#/$defs/target' },
    job: {
      type: 'object',
      additionalProperties: false,
      required: ['name', 'output'],
      properties: { name, output: identifier },
      description: 'A list in the outputs of the last completed run of this job.',
    },
    http: {
      type: 'object',
      additionalProperties: false,
      required: ['url'],
      properties: { url: { type: 'string', minLength: 1, maxLength: 8192 }, items: expression },
      description: 'A list in what the address answers; `items` says where in `result`.',
    },
    depends_on: { type: 'array', maxItems: LIMITS.parameters, uniqueItems: true, items: identifier },
    cache: { ...duration, description: 'How long an answer is used again.' },
    strict: { type: 'boolean', default: false, description: 'Checked again when the run starts.' },
  },
} as const satisfies JsonSchema;
