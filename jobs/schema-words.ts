import { DURATION_PATTERN, DURATION_WORDS } from './duration.ts';
import type { JsonSchema } from './json.ts';

/** What jobs, steps, targets and credentials may be called. */
export const NAME_PATTERN = '^[a-z0-9][a-z0-9._-]{0,99}$';
const NAME_WORDS = 'a name; write lower-case letters, digits, ".", "_" or "-", at most 100, the first a letter or digit';

const IDENTIFIER_PATTERN = '^[A-Za-z_][A-Za-z0-9_-]{0,99}$';
const IDENTIFIER_WORDS = 'a name; write letters, digits, "_" or "-", at most 100, the first a letter';

export const name = { type: 'string', pattern: NAME_PATTERN, 'x-expected': NAME_WORDS } as const satisfies JsonSchema;
export const identifier = { type: 'string', pattern: IDENTIFIER_PATTERN, 'x-expected': IDENTIFIER_WORDS } as const satisfies JsonSchema;
export const duration = { type: 'string', pattern: DURATION_PATTERN, 'x-expected': DURATION_WORDS } as const satisfies JsonSchema;
export const expression = { type: 'string', minLength: 1, maxLength: 4096 } as const satisfies JsonSchema;
export const outputs = {
  type: 'object',
  maxProperties: 100,
  propertyNames: identifier,
  additionalProperties: { type: 'string', maxLength: 8192 },
} as const satisfies JsonSchema;
export const priority = { type: 'integer', minimum: 1, maximum: 10 } as const satisfies JsonSchema;
