import { FAIL_MODES, LOCK_SUBJECTS, ON_CLOSED, ON_CONFLICT, WHEN } from './definition-words.ts';
import { FAILURE_TYPES, NEVER_RETRIED } from './failure.ts';
import type { JsonSchema } from './json.ts';
import { LIMITS } from './limits.ts';
import { duration, expression, identifier, name, outputs, priority } from './schema-words.ts';

/** Failures a retry policy may name. */
const RETRIABLE = FAILURE_TYPES.filter((type) => !NEVER_RETRIED.includes(type));

/** So many, or so many percent. */
const partCount = (minimum: 0 | 1) =>
  ({
    anyOf: [
      { type: 'integer', minimum, maximum: LIMITS.foreachItems },
      { type: 'string', pattern: '^(100|[1-9]?[0-9])%$', 'x-expected': 'a number, or a percentage such as 10%' },
    ],
  }) as const satisfies JsonSchema;

export const RETRY_SCHEMA = {
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

export const STEP_SCHEMA = {
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
      ...expression,
      description: 'An expression; when false the step is skipped and those that need it go on.',
      examples: ['${{ steps.check.outputs.changed }}'],
    },
    else_of: { ...name, description: 'The step whose condition must have been false.' },
    when: {
      enum: WHEN,
      default: 'success',
      description:
        'After success of what it needs; after a failure of it; or in any case and last of all, when the run was cancelled too: the clean-up.',
    },
    target: {
      $ref: '#/$defs/target',
      description:
        'Where it runs; the job’s target when absent. On several targets, or on whatever a selector means, it is carried out in parts, one for each; its outputs are then a list of theirs, in the same order.',
      examples: ['core-1', ['edge-1', 'edge-2'], { tags: ['edge'] }],
    },
    foreach: {
      anyOf: [{ type: 'array', maxItems: LIMITS.foreachItems }, expression],
      description: 'The step is carried out once for each of these; expressions see `item` and `index`.',
      examples: ['${{ parameters.sites }}', ['ber', 'fra']],
    },
    matrix: {
      type: 'object',
      minProperties: 1,
      maxProperties: 12,
      propertyNames: identifier,
      additionalProperties: { anyOf: [{ type: 'array', maxItems: LIMITS.foreachItems }, expression] },
      description: 'Once for each combination of these lists; expressions see `matrix`. `include` adds to them, `exclude` takes away.',
      examples: [{ site: ['ber', 'fra'], role: ['edge', 'core'], exclude: [{ site: 'fra', role: 'core' }] }],
    },
    max_parallel: {
      type: 'integer',
      minimum: 1,
      maximum: LIMITS.parts,
      description: `Items or targets at a time; ${LIMITS.maxParallel} items, or all targets, when absent.`,
    },
    order: { enum: ['given', 'reverse'], default: 'given', description: 'In which order items or targets are begun.' },
    batch: {
      type: 'object',
      additionalProperties: false,
      required: ['size'],
      properties: { size: partCount(1), pause: { ...duration, description: 'Between the end of one group and the begin of the next.' } },
      description: 'In groups of so many items or targets, or so many percent of them: a rolling change.',
      examples: [{ size: '10%', pause: '1m' }],
    },
    fail: {
      type: 'object',
      additionalProperties: false,
      properties: {
        mode: {
          enum: FAIL_MODES,
          default: 'continue',
          description: 'Once more have failed than the step bears: let the others go on, begin no more, or end those under way as well.',
        },
        tolerate: { ...partCount(0), description: 'How many, or how many percent, may fail and the step still completes.' },
      },
      examples: [{ mode: 'stop', tolerate: '5%' }],
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
    on_closed: {
      enum: ON_CLOSED,
      default: 'wait',
      description: 'While its target is outside of its maintenance windows: wait for the next one, fail, or be skipped.',
    },
    intervention_timeout: { ...duration, description: 'How long that person is waited for; as long as the run lasts when absent.' },
    compensate: { $ref: '#/$defs/compensation', description: 'What undoes this step, once it has completed and the run ends badly.' },
    concurrency: { $ref: '#/$defs/locks', description: 'What the step holds while it runs.' },
    rate: {
      type: 'object',
      additionalProperties: false,
      required: ['resource', 'max', 'per'],
      properties: {
        resource: { type: 'string', minLength: 1, maxLength: 200, description: 'All steps that name it share its starts.' },
        max: { type: 'integer', minimum: 1, maximum: 100_000 },
        per: duration,
      },
      description: 'So many starts in each span of time, over all runs.',
      examples: [{ resource: 'ticket-api', max: 10, per: '1m' }],
    },
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
        pattern: '^([a-z0-9][a-z0-9._-]{0,99}\\.[a-z][a-z0-9_]{0,99}|parameters\\.[A-Za-z_][A-Za-z0-9_-]{0,99})$',
        'x-expected': 'a secret; write credential.field, e.g. db-prod.password, or parameters.name',
      },
      description: 'Environment name → credential.field, or parameters.name of a secret parameter. Known to the step alone.',
      examples: [{ DB_PASSWORD: 'db-prod.password' }],
    },
    priority: { ...priority, description: 'The run’s priority when absent.' },
    enabled: { type: 'boolean', default: true, description: 'A step that is not enabled is skipped.' },
  },
} as const satisfies JsonSchema;

const {
  id,
  needs: _needs,
  else_of: _else,
  when: _when,
  compensate: _undo,
  inline: _inline,
  on_error: _wait,
  intervention_timeout: _ttl,
  ...free
} = STEP_SCHEMA.properties;

/** A step of `on_failure` or `on_cancel`. */
export const HANDLER_SCHEMA = {
  ...STEP_SCHEMA,
  title: 'Handler',
  required: ['type'],
  properties: { id: { ...id, description: 'That of its type when absent.' }, ...free },
} as const satisfies JsonSchema;

export const COMPENSATION_SCHEMA = {
  ...STEP_SCHEMA,
  title: 'Compensation',
  required: ['type'],
  properties: {
    name: free.name,
    type: free.type,
    target: { ...free.target, description: 'Where it runs; that of the step it undoes when absent.' },
    config: free.config,
    timeout: free.timeout,
    retry: free.retry,
    on_closed: free.on_closed,
    secrets: free.secrets,
    outputs: free.outputs,
  },
} as const satisfies JsonSchema;

const lock = {
  type: 'object',
  additionalProperties: false,
  title: 'Lock',
  properties: {
    key: { type: 'string', minLength: 1, maxLength: 500, description: 'Whoever names the same holds the same; may hold ${{ … }}.' },
    per: { enum: LOCK_SUBJECTS, description: 'Instead of a key: this job, the step’s target, or the credential of that target.' },
    max: { type: 'integer', minimum: 1, maximum: LIMITS.lockHolders, default: 1, description: 'How many may hold it at a time.' },
    on_conflict: {
      enum: ON_CONFLICT,
      default: 'queue',
      description: 'When it is taken: wait in line, be skipped, cancel the runs that hold it, be cancelled, or fail.',
    },
  },
  examples: [{ key: 'backup-${{ parameters.site }}', max: 1, on_conflict: 'queue' }],
} as const satisfies JsonSchema;

export const LOCKS_SCHEMA = {
  anyOf: [lock, { type: 'array', maxItems: LIMITS.locks, items: lock }],
} as const satisfies JsonSchema;
