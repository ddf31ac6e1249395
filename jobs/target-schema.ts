import type { JsonSchema } from './json.ts';
import { LIMITS } from './limits.ts';

const template = {
  type: 'string',
  pattern: '\\$\\{\\{',
  'x-expected': 'a list, or an expression that gives one',
  maxLength: 2048,
} as const satisfies JsonSchema;
const texts = {
  type: 'array',
  maxItems: LIMITS.parts,
  items: { type: 'string', minLength: 1, maxLength: 2048 },
} as const satisfies JsonSchema;
const listOf = (description: string, examples: readonly (readonly string[])[]) =>
  ({ anyOf: [texts, template], description, examples }) as const satisfies JsonSchema;

const selector = {
  type: 'object',
  title: 'Selector',
  description:
    'What the targets have in common: every field given must hold. Fields other than these are attributes, which must be equal. Only targets that are switched on are meant, and of the kind that the step needs.',
  minProperties: 1,
  maxProperties: 50,
  properties: {
    names: listOf('Names or globs (*, ?, [a-z]); any of them must match.', [['edge-*', 'core-1']]),
    kind: { type: 'string', minLength: 1, maxLength: 2048, description: 'The kind of target; the one that the step needs when absent.' },
    tags: listOf('All of these tags.', [['edge', 'prod']]),
    any_tags: listOf('At least one of these tags.', [['ber', 'fra']]),
    not_tags: listOf('None of these tags.', [['lab']]),
    allow_empty: {
      type: 'boolean',
      default: false,
      description: 'When no target fits, the step has completed with nothing to do; else it fails.',
    },
  },
  additionalProperties: {
    type: ['string', 'number', 'boolean'],
    maxLength: 2048,
    'x-expected': 'the value of an attribute; write text, a number, true or false',
  },
  examples: [
    { tags: ['edge'], site: '${{ parameters.site }}' },
    { names: ['edge-*'], not_tags: ['lab'] },
  ],
} as const satisfies JsonSchema;

/** Which targets, as definitions say it: one name, several, or a selector; texts may hold templates. */
export const TARGET_SCHEMA = {
  anyOf: [
    {
      type: 'string',
      minLength: 1,
      maxLength: 2048,
      title: 'One target',
      description: 'Its name, or an expression that gives a name or a list of names.',
    },
    {
      ...texts,
      minItems: 1,
      title: 'Several targets',
      description: 'Their names or globs, in the order in which the step begins on them.',
    },
    selector,
  ],
} as const satisfies JsonSchema;
