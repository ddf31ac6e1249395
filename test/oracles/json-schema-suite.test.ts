import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { STEP_SPECS } from '#activities/catalog.ts';
import { validateDefinition } from '#jobs/definition.ts';
import type { Json, JsonSchema } from '#jobs/json.ts';
import { violations } from '#jobs/json-schema.ts';

interface Group {
  readonly file: string;
  readonly description: string;
  readonly schema: Json;
  readonly tests: readonly (readonly [description: string, data: Json, valid: boolean])[];
}
const groups: readonly Group[] = JSON.parse(readFileSync(new URL('json-schema-2020-12.json', import.meta.url), 'utf8'));

/** Keywords of the dialect that say something of a value; a schema with any other is refused when a definition is saved. */
const KEYWORDS = new Set([
  ...['type', 'enum', 'const', 'properties', 'required', 'additionalProperties', 'items', 'oneOf', 'anyOf', 'allOf'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minLength', 'maxLength', 'pattern'],
  ...['minItems', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties', 'propertyNames'],
]);
const WORDS = new Set(['$schema', '$comment', 'title', 'description', 'default', 'examples']);

/** Whether a schema keeps to the dialect: no other keyword, no `true` or `false` for a schema but after additionalProperties. */
function isOurs(schema: Json): boolean {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return false;
  return Object.entries(schema).every(([key, value]) => {
    if (WORDS.has(key)) return true;
    if (!KEYWORDS.has(key)) return false;
    if (key === 'properties') return Object.values(value as object).every(isOurs);
    if (key === 'items' || key === 'propertyNames') return isOurs(value);
    if (key === 'additionalProperties') return typeof value === 'boolean' || isOurs(value);
    return ['oneOf', 'anyOf', 'allOf'].includes(key) ? (value as readonly Json[]).every(isOurs) : true;
  });
}

const ours = groups.filter(({ schema }) => isOurs(schema));

test('values are valid and invalid as the suite says, for every schema that keeps to the dialect', () => {
  const wrong = ours.flatMap(({ file, description, schema, tests }) =>
    tests
      .filter(([, data, valid]) => ([...violations(schema as JsonSchema, data)].length === 0) !== valid)
      .map(([what, , valid]) => `${file}: ${description}: ${what} is ${valid ? 'valid' : 'invalid'}`),
  );
  expect(wrong).toEqual([]);
  expect({ groups: ours.length, tests: ours.reduce((sum, { tests }) => sum + tests.length, 0) }).toEqual({ groups: 115, tests: 446 });
});

test('a parameter whose schema does not keep to the dialect is refused when its job is saved', () => {
  const others = groups.filter(({ schema }) => !isOurs(schema));
  const saved = others.filter(({ schema }) => {
    const job = { name: 'suite', parameters: { p: schema }, steps: [{ id: 'a', type: 'local.exec', config: { command: 'true' } }] };
    return !validateDefinition(job, STEP_SPECS).problems.some(({ severity }) => severity === 'error');
  });
  expect(saved.map(({ file, description }) => `${file}: ${description}`)).toEqual([]);
});
