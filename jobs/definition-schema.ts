import { END_STATUSES } from './definition-words.ts';
import type { JsonSchema } from './json.ts';
import { LIMITS } from './limits.ts';
import { CHOICES_SCHEMA, PARAMETER_SCHEMA } from './parameter-shape.ts';
import { duration, expression, identifier, name, outputs, priority } from './schema-words.ts';
import { COMPENSATION_SCHEMA, HANDLER_SCHEMA, LOCKS_SCHEMA, RETRY_SCHEMA, STEP_SCHEMA } from './step-schema.ts';
import { TARGET_SCHEMA } from './target-schema.ts';

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
      properties: {
        timeout: { ...duration, description: 'Longest run.', examples: ['2h'] },
        concurrency: { $ref: '#/$defs/locks', description: 'What each run holds from its first step to its end.' },
      },
    },
    active: { type: 'boolean', default: true, description: 'An inactive job is not started.' },
    checks: {
      type: 'array',
      maxItems: LIMITS.checks,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['condition', 'message'],
        properties: {
          condition: { ...expression, description: 'Over the parameters; true lets the run start.' },
          message: { type: 'string', minLength: 1, maxLength: 1000 },
          behavior: { enum: ['block', 'warn'], default: 'block' },
        },
      },
      description: 'What must be true before a run is accepted.',
      examples: [[{ condition: '${{ parameters.count <= 10 }}', message: 'more than ten at a time need a change number' }]],
    },
    triggers: {
      type: 'array',
      maxItems: LIMITS.triggers,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['job'],
        properties: {
          job: { anyOf: [name, { type: 'array', minItems: 2, maxItems: 20, uniqueItems: true, items: name }] },
          on: { type: 'array', minItems: 1, maxItems: END_STATUSES.length, uniqueItems: true, items: { enum: END_STATUSES } },
          within: { ...duration, description: 'Of several jobs: how close together they must end.' },
          if: { ...expression, description: 'Over `source`, the run that ended: its job, status, parameters and outputs.' },
          parameters: { type: 'object', maxProperties: LIMITS.parameters, description: 'By name, values or expressions over `source`.' },
        },
      },
      description: 'Runs of other jobs whose end starts this one.',
      examples: [[{ job: 'edge-backup', on: ['completed'], parameters: { site: '${{ source.parameters.site }}' } }]],
    },
    target: { $ref: '#/$defs/target', description: 'Where steps run that need a target and name none.' },
    steps: { type: 'array', minItems: 1, maxItems: LIMITS.steps, items: { $ref: '#/$defs/step' } },
    on_failure: {
      type: 'array',
      maxItems: LIMITS.handlers,
      items: { $ref: '#/$defs/handler' },
      description: 'What runs, one after the other, once the run has failed.',
    },
    on_cancel: {
      type: 'array',
      maxItems: LIMITS.handlers,
      items: { $ref: '#/$defs/handler' },
      description: 'What runs, one after the other, once the run was cancelled.',
    },
    outputs: { ...outputs, description: 'The run’s result, each an expression over steps and parameters.' },
  },
  $defs: {
    step: STEP_SCHEMA,
    handler: HANDLER_SCHEMA,
    compensation: COMPENSATION_SCHEMA,
    locks: LOCKS_SCHEMA,
    retry: RETRY_SCHEMA,
    parameter: PARAMETER_SCHEMA,
    choices: CHOICES_SCHEMA,
    target: TARGET_SCHEMA,
  },
} as const satisfies JsonSchema;
