import type { Json, JsonObject } from '#jobs/json.ts';

const PLAIN = /^[a-z][\w-]*$/i;
const RESERVED = /^(true|false|null|yes|no|on|off|y|n)$/i;

const scalar = (value: Json): string =>
  typeof value === 'string' && PLAIN.test(value) && !RESERVED.test(value) ? value : JSON.stringify(value);

/** A new schedule as text: YAML, a line a field, as its author would begin it. */
export const sourceOf = (definition: JsonObject): string =>
  Object.entries(definition)
    .map(([name, value]) => `${name}: ${scalar(value)}\n`)
    .join('');
