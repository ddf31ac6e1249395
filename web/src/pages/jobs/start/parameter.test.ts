import { expect, test } from 'vitest';
import type { ParameterSchema } from '#jobs/definition.ts';
import { controlOf, readParameter, textOf } from './parameter.ts';

test.each<[ParameterSchema, string]>([
  [{ type: 'string', enum: ['ber', 'fra'] }, 'choice'],
  [{ type: 'boolean' }, 'switch'],
  [{ type: 'integer' }, 'number'],
  [{ type: 'string' }, 'text'],
  [{ type: 'string', maxLength: 4000 }, 'long'],
  [{ type: 'string', secret: true }, 'secret'],
  [{ type: 'array', items: { type: 'string' } }, 'json'],
  [{ type: ['string', 'null'] }, 'json'],
  [{}, 'json'],
])('%j is asked for as %s', (schema, kind) => {
  expect(controlOf(schema)).toBe(kind);
});

test.each<[ParameterSchema, string, ReturnType<typeof readParameter>]>([
  [{ type: 'string' }, ' as written ', { value: ' as written ' }],
  [{ type: 'integer' }, ' 42 ', { value: 42 }],
  [{ type: 'number' }, '-1.5e3', { value: -1500 }],
  [{ type: 'boolean' }, 'true', { value: true }],
  [{ type: 'boolean' }, '', { value: false }],
  [{ enum: [1, 'one', true] }, '1', { value: 1 }],
  [{ enum: [1, 'one', true] }, 'one', { value: 'one' }],
  [{ type: 'array' }, '["a", 1]', { value: ['a', 1] }],
  [{ type: 'object' }, '{"a": null}', { value: { a: null } }],
  [{ type: 'integer', default: 3 }, '', { absent: true }],
])('%j reads %j as %j', (schema, text, reading) => {
  expect(readParameter(schema, text)).toEqual(reading);
});

test.each<[ParameterSchema, string, RegExp]>([
  [{ type: 'string' }, '', /required/],
  [{ type: 'integer' }, '1.5', /whole/],
  [{ type: 'number' }, 'three', /not a number/],
  [{ type: 'number' }, 'Infinity', /not a number/],
  [{ type: 'array' }, '{}', /\[…\]/],
  [{ type: 'object' }, '[]', /\{…\}/],
  [{ type: 'object' }, '{a: 1}', /not JSON/],
])('%j refuses %j', (schema, text, error) => {
  expect(readParameter(schema, text)).toEqual({ error: expect.stringMatching(error) });
});

test('a default put into its control is read back as itself', () => {
  const defaults: ParameterSchema[] = [
    { type: 'integer', default: 7 },
    { type: 'string', default: 'x' },
    { type: 'array', default: [1, { a: 'b' }] },
    { enum: [null, 2], default: null },
    { type: 'boolean', default: true },
    { type: ['string', 'null'], default: 'text' },
  ];
  for (const schema of defaults) expect(readParameter(schema, textOf(schema, schema.default))).toEqual({ value: schema.default });
});
