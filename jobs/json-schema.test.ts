import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json, JsonSchema } from './json.ts';
import { violations } from './json-schema.ts';

const messages = (schema: JsonSchema, value: Json, root?: JsonSchema): readonly string[] =>
  [...violations(schema, value, '/v', root ? { root } : {})].map(({ message }) => message);

test.each<[string, JsonSchema, Json, readonly string[]]>([
  ['text for a number', { type: 'integer' }, '5', ['v: "5" is not a whole number; write 5 without quotes']],
  ['a fraction for a whole number', { type: 'integer' }, 1.5, ['v: 1.5 is not a whole number']],
  ['a number for text', { type: 'string' }, 8, ['v: 8 is not text; write "8" in quotes']],
  ['text for a boolean', { type: 'boolean' }, 'true', ['v: "true" is not true or false; write true without quotes']],
  ['null for an object', { type: 'object' }, null, ['v: null is not an object']],
  ['a list for an object', { type: 'object' }, [1], ['v: a list is not an object']],
  ['one of several types', { type: ['string', 'null'] }, 1, ['v: 1 is not text or null; write "1" in quotes']],
  ['a choice', { enum: ['fail', 'wait'] }, 'wiat', ['v: "wiat" is not one of fail, wait; did you mean "wait"?']],
  ['a constant', { const: 1 }, 2, ['v: 2 is not 1']],
  ['an empty text', { type: 'string', minLength: 1 }, '', ['v: must not be empty']],
  ['a long text', { type: 'string', maxLength: 3 }, '🙂🙂🙂🙂', ['v: "🙂🙂🙂🙂" is longer than 3 characters']],
  ['a pattern', { type: 'string', pattern: '^a+$' }, 'b', ['v: "b" does not match ^a+$']],
  ['a pattern in words', { pattern: '^a+$', 'x-expected': 'only a' }, 'b', ['v: "b" is not only a']],
  ['words for another type', { type: 'string', pattern: '^a+$', 'x-expected': 'only a' }, 1, ['v: 1 is not only a']],
  ['a range', { minimum: 1, maximum: 10 }, 11, ['v: 11 is not at most 10']],
  ['an open range', { exclusiveMinimum: 0 }, 0, ['v: 0 is not more than 0']],
  ['a multiple', { multipleOf: 5 }, 7, ['v: 7 is not a multiple of 5']],
  ['too few entries', { minItems: 1 }, [], ['v: has 0 entries; at least 1 needed']],
  ['too many', { maxItems: 1 }, [1, 2], ['v: has 2 entries; at most 1 allowed']],
  ['an entry twice', { uniqueItems: true }, [{ a: 1, b: 2 }, 0, { b: 2, a: 1 }], ['v[2]: an object stands already at [0]']],
  ['a missing field', { required: ['a'], properties: { a: { enum: ['x', 'y'] } } }, {}, ['v.a: is missing (one of x, y)']],
  [
    'an unknown field',
    { properties: { command: {} }, additionalProperties: false },
    { comand: 1 },
    ['v.comand: unknown field; did you mean "command"?'],
  ],
  [
    'an unknown field like no other',
    { properties: { a: {}, b: {} }, additionalProperties: false },
    { zzz: 1 },
    ['v.zzz: unknown field; known are a, b'],
  ],
  [
    'an inherited name',
    { properties: { a: {} }, additionalProperties: false },
    { constructor: 1 },
    ['v.constructor: unknown field; known are a'],
  ],
  ['a missing inherited name', { required: ['toString'] }, {}, ['v.toString: is missing (any value)']],
  ['a field of a free object', { additionalProperties: { type: 'string' } }, { a: 1 }, ['v.a: 1 is not text; write "1" in quotes']],
  [
    'a name',
    { propertyNames: { pattern: '^[a-z]+$', 'x-expected': 'lower-case letters' } },
    { A: 1 },
    ['v.A: "A" is not lower-case letters'],
  ],
  ['one of two fields', { oneOf: [{ required: ['a'] }, { required: ['b'] }] }, {}, ['v: needs one of a, b']],
  ['both of two fields', { oneOf: [{ required: ['a'] }, { required: ['b'] }] }, { a: 1, b: 1 }, ['v: may have only one of a, b']],
  ['the alternative of its type', { anyOf: [{ type: 'boolean' }, { type: 'integer', maximum: 3 }] }, 4, ['v: 4 is not at most 3']],
  ['no alternative', { anyOf: [{ type: 'boolean' }, { type: 'integer' }] }, 'x', ['v: "x" is not true or false or a whole number']],
])('%s is refused in words', (_, schema, value, expected) => {
  expect(messages(schema, value)).toEqual(expected);
});

test('a pattern that takes JavaScript for ever is answered by RE2 at once', () => {
  expect(messages({ pattern: '^(a+)+$' }, `${'a'.repeat(50_000)}!`)).toHaveLength(1);
});

test('a reference is followed into the definitions of its root', () => {
  const root: JsonSchema = { $defs: { tree: { type: 'object', additionalProperties: { $ref: '#/$defs/tree' } } } };
  expect(messages({ $ref: '#/$defs/tree' }, { a: { b: 1 } }, root)).toEqual(['v.a.b: 1 is not an object']);
});

const deferred = (text: string) => (text === 'later' ? 'value' : text.startsWith('later ') ? 'text' : null);

test('a value known only later passes any schema, a text with a part known later any schema for text', () => {
  const check = (schema: JsonSchema, value: Json) => [...violations(schema, value, '', { deferred })].map(({ message }) => message);
  expect(check({ type: 'integer', enum: [1] }, 'later')).toEqual([]);
  expect(check({ type: 'string', maxLength: 2, pattern: '^x' }, 'later and more')).toEqual([]);
  expect(check({ type: 'integer' }, 'later and more')).toEqual(['"later and more" is not a whole number']);
  expect(check({ oneOf: [{ properties: { a: { type: 'string' } } }, { properties: { a: { type: 'integer' } } }] }, { a: 'later' })).toEqual(
    [],
  );
});

const word = fc.constantFrom('a', 'b', 'c', 'ab', '');
const small = fc.integer({ min: 0, max: 4 });
const scalar: fc.Arbitrary<Json> = fc.oneof(
  word,
  fc.integer({ min: -3, max: 6 }),
  fc.constantFrom(0.5, 2.5),
  fc.boolean(),
  fc.constant(null),
);

const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(word, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

const { schema } = fc.letrec<{ schema: JsonSchema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    fc.constant({}),
    fc.record({ type: fc.constantFrom('string', 'integer', 'number', 'boolean', 'array', 'object', 'null') }),
    fc.record({ type: fc.uniqueArray(fc.constantFrom('string', 'integer', 'object', 'array'), { minLength: 1 }) }),
    fc.record({ enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 3 }) }),
    fc.record({ const: value }),
    fc.record({ minLength: small, maxLength: small, pattern: fc.constantFrom('^a', 'b$', 'a|b', '') }, { requiredKeys: [] }),
    fc.record(
      { minimum: small, maximum: small, exclusiveMinimum: small, exclusiveMaximum: small, multipleOf: fc.constantFrom(1, 2, 0.5) },
      { requiredKeys: [] },
    ),
    fc.record({ items: tie('schema'), minItems: small, maxItems: small, uniqueItems: fc.boolean() }, { requiredKeys: [] }),
    fc.record(
      {
        properties: fc.dictionary(word, tie('schema'), { maxKeys: 3, noNullPrototype: true }),
        // Ajv takes a required "" for present.
        required: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 }),
        additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
        minProperties: small,
        maxProperties: small,
        propertyNames: fc.record({ maxLength: small }),
      },
      { requiredKeys: [] },
    ),
    fc.record({ oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
  ),
}));

test('any value is refused or accepted exactly as another validator does', () => {
  const other = new Ajv2020({ strict: false });
  let refused = 0;
  fc.assert(
    fc.property(schema, value, (anySchema, anyValue) => {
      const accepts = messages(anySchema, anyValue).length === 0;
      if (!accepts) refused += 1;
      expect(accepts).toBe(other.validate(anySchema, anyValue));
    }),
    { numRuns: 3000 },
  );
  expect(refused).toBeGreaterThan(300);
});
