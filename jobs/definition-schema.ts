import { DURATION_PATTERN, DURATION_WORDS } from './duration.ts';
import { FAILURE_TYPES, NEVER_RETRIED } from './failure.ts';
import type { JsonSchema } from './json.ts';
import { LIMITS } from './limits.ts';
import { TARGET_SCHEMA } from './target-schema.ts';

/** What jobs, steps, targets and credentials may be called. */
export const NAME_PATTERN = '^[a-z0-9][a-z0-9._-]{0,99}$';
const NAME_WORDS = 'a name; write lower-case letters, digits, ".", "_" or "-", at most 100, the first a letter or digit';

const IDENTIFIER_PATTERN = '^[A-Za-z_][A-Za-z0-9_-]{0,99}$';
const IDENTIFIER_WORDS = 'a name; write letters, digits, "_" or "-", at most 100, the first a letter';

/** Failures a retry policy may name. */
const RETRIABLE = FAILURE_TYPES.filter((type) => !NEVER_RETRIED.includes(type));

const name = { type: 'string', pattern: NAME_PATTERN, 'x-expected': NAME_WORDS } as const satisfies JsonSchema;
const identifier = { type: 'string', pattern: IDENTIFIER_PATTERN, 'x-expected': IDENTIFIER_WORDS } as const satisfies JsonSchema;
const duration = { type: 'string', pattern: DURATION_PATTERN, 'x-expected': DURATION_WORDS } as const satisfies JsonSchema;
const outputs = {
  type: 'object',
  maxProperties: 100,
  propertyNames: identifier,
  additionalProperties: { type: 'string', maxLength: 8192 },
} as const satisfies JsonSchema;
const priority = { type: 'integer', minimum: 1, maximum: 10 } as const satisfies JsonSchema;

const retry = {
  type: 'object',
  additionalProperties: false,
  title: 'Retry',
  description: 'When a failed step is executed again. What a step type says by itself stands where a field is absent.',
  properties: {
    attempts: {
      type: 'integer',
      minimum: 1,
      maximum: LIMITS.attempts,
      description: 'Executions, the first included. Going on with work that outlived a worker is not one.',
    },
    delay: { ...duration, default: '1s', description: 'Wait before the second execution.' },
    backoff: { type: 'number', minimum: 1, maximum: 100, default: 2, description: 'Factor by which each further wait is longer.' },
    max_delay: { ...duration, default: '1m', description: 'Longest wait.' },
    on: {
      type: 'array',
      maxItems: FAILURE_TYPES.length,
      uniqueItems: true,
      items: { enum: RETRIABLE },
      description: `Failures worth another execution. Never repeated: ${NEVER_RETRIED.join(', ')}.`,
    },
  },
  examples: [{ attempts: 3, delay: '2s', backoff: 2, max_delay: '1m', on: ['connection', 'timeout'] }],
} as const satisfies JsonSchema;

const step = {
  type: 'object',
  additionalProperties: false,
  title: 'Step',
  required: ['id', 'type'],
  properties: {
    id: { ...name, description: 'What other steps and expressions call it.' },
    name: { type: 'string', minLength: 1, maxLength: 200, description: 'What people read; the id when absent.' },
    type: { type: 'string', minLength: 1, maxLength: 100, description: 'What the step does.' },
    needs: {
      type: 'array',
      maxItems: LIMITS.steps,
      items: name,
      description: 'Steps that must have ended before; absent: the step before; []: starts at once.',
    },
    if: {
      type: 'string',
      minLength: 1,
      maxLength: 4096,
      description: 'An expression; when false the step is skipped and those that need it go on.',
      examples: ['${{ steps.check.outputs.changed }}'],
    },
    target: {
      $ref: '#/$defs/target',
      description:
        'Where it runs; the job’s target when absent. On several targets, or on whatever a selector means, it is carried out in parts, one for each; its outputs are then a list of theirs, in the same order.',
      examples: ['core-1', ['edge-1', 'edge-2'], { tags: ['edge'] }],
    },
    max_parallel: {
      type: 'integer',
      minimum: 1,
      maximum: LIMITS.parts,
      description: 'Targets it runs on at a time; all at once when absent.',
    },
    config: { type: 'object', description: 'What the step type takes; texts may hold ${{ … }}.' },
    timeout: { ...duration, description: 'Longest execution; the wait in a queue does not count.' },
    retry: { $ref: '#/$defs/retry' },
    inline: {
      type: 'boolean',
      default: false,
      description: 'Runs inside the workflow’s worker, which is faster: for repeatable steps of at most 10 s.',
    },
    continue_on_failure: {
      type: 'boolean',
      default: false,
      description: 'A failure stops neither the run nor the steps that need this one.',
    },
    on_error: { enum: ['fail', 'wait'], default: 'fail', description: '`wait` keeps the run open for a person, who may retry the step.' },
    outputs: { ...outputs, description: 'What later steps may use, each an expression over `result`; absent: the whole result.' },
    secrets: {
      type: 'object',
      maxProperties: 100,
      propertyNames: {
        type: 'string',
        pattern: '^[A-Za-z_][A-Za-z0-9_]{0,99}$',
        'x-expected': 'an environment name; write letters, digits and "_"',
      },
      additionalProperties: {
        type: 'string',
        pattern: '^[a-z0-9][a-z0-9._-]{0,99}\\.[a-z][a-z0-9_]{0,99}$',
        'x-expected': 'a secret; write credential.field, e.g. db-prod.password',
      },
      description: 'Environment name → credential.field. Known to the step alone.',
      examples: [{ DB_PASSWORD: 'db-prod.password' }],
    },
    priority: { ...priority, description: 'The run’s priority when absent.' },
    enabled: { type: 'boolean', default: true, description: 'A step that is not enabled is skipped.' },
  },
} as const satisfies JsonSchema;

/** JSON Schema as parameters may use it; `parameter-schema.ts` checks which keyword goes with which type. */
const parameter = {
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
    secret: { type: 'boolean' },
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

/** The shape of every definition, whatever its step types: what `definition.ts` checks first and `schema.ts` publishes with the types filled in. */
export const DEFINITION_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'steps'],
  properties: {
    name: { ...name, description: 'The job’s one name, in addresses and command lines.' },
    title: { type: 'string', minLength: 1, maxLength: 200, description: 'What people read; the name when absent.' },
    description: { type: 'string', maxLength: 10_000 },
    category: { type: 'string', minLength: 1, maxLength: 100, examples: ['network'] },
    tags: { type: 'array', maxItems: 50, uniqueItems: true, items: { type: 'string', minLength: 1, maxLength: 50 } },
    timezone: { type: 'string', minLength: 1, maxLength: 100, description: 'An IANA zone.', examples: ['Europe/Berlin'] },
    priority: { ...priority, default: 5, description: '1 most urgent … 10.' },
    parameters: {
      type: 'object',
      maxProperties: LIMITS.parameters,
      propertyNames: identifier,
      additionalProperties: { $ref: '#/$defs/parameter' },
      description: 'What a person is asked at start.',
    },
    limits: {
      type: 'object',
      additionalProperties: false,
      properties: { timeout: { ...duration, description: 'Longest run.', examples: ['2h'] } },
    },
    target: { $ref: '#/$defs/target', description: 'Where steps run that need a target and name none.' },
    steps: { type: 'array', minItems: 1, maxItems: LIMITS.steps, items: { $ref: '#/$defs/step' } },
    outputs: { ...outputs, description: 'The run’s result, each an expression over steps and parameters.' },
  },
  $defs: { step, retry, parameter, target: TARGET_SCHEMA },
} as const satisfies JsonSchema;
