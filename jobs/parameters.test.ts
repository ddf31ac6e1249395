import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject } from './json.ts';
import { resolveParameters } from './parameters.ts';
import { InvalidInput, type Problem } from './problem.ts';

const schemas = {
  site: { type: 'string', enum: ['ber', 'fra'] },
  count: { type: 'integer', default: 3, minimum: 1, maximum: 10 },
  host: { type: 'string', pattern: '^[a-z]+$', default: 'core' },
  tags: { type: 'array', items: { type: 'string' }, default: [] },
} as const;

function refusals(given: JsonObject, of: Parameters<typeof resolveParameters>[0] = schemas): readonly Problem[] {
  try {
    resolveParameters(of, given);
    return [];
  } catch (error) {
    if (error instanceof InvalidInput) return error.problems;
    throw error;
  }
}

test('what is not given comes from the defaults, in the order of the definition', () => {
  const resolved = resolveParameters(schemas, { tags: ['x'], site: 'fra' });
  expect(resolved).toEqual({ site: 'fra', count: 3, host: 'core', tags: ['x'] });
  expect(Object.keys(resolved)).toEqual(['site', 'count', 'host', 'tags']);
});

test.each<[string, JsonObject, string, string]>([
  ['a missing one', {}, '/parameters/site', 'parameters.site: is missing (one of ber, fra)'],
  ['an unknown one', { site: 'ber', coutn: 1 }, '/parameters/coutn', 'parameters.coutn: unknown field; did you mean "count"?'],
  ['a choice that is none', { site: 'muc' }, '/parameters/site', 'parameters.site: "muc" is not one of ber, fra'],
  ['another type', { site: 'ber', count: '5' }, '/parameters/count', 'parameters.count: "5" is not a whole number; write 5 without quotes'],
  ['out of range', { site: 'ber', count: 11 }, '/parameters/count', 'parameters.count: 11 is not at most 10'],
  ['null', { site: 'ber', count: null }, '/parameters/count', 'parameters.count: null is not a whole number'],
  ['a pattern', { site: 'ber', host: 'A1' }, '/parameters/host', 'parameters.host: "A1" does not match ^[a-z]+$'],
  ['an item', { site: 'ber', tags: ['a', 1] }, '/parameters/tags/1', 'parameters.tags[1]: 1 is not text; write "1" in quotes'],
  [
    'an inherited name',
    { site: 'ber', toString: 'x' },
    '/parameters/toString',
    'parameters.toString: unknown field; known are site, count, host, tags',
  ],
  [
    'an integer beyond 2^53',
    { site: 'ber', count: 2 ** 60 },
    '/parameters/count',
    'parameters.count: 1152921504606847000 is beyond ±9007199254740991, where integers stop being exact; write it in quotes',
  ],
  [
    '__proto__',
    JSON.parse('{"site":"ber","__proto__":1}') as JsonObject,
    '/parameters/__proto__',
    'parameters.__proto__: the key "__proto__" is not allowed',
  ],
])('%s is refused at its pointer', (_, given, pointer, message) => {
  expect(refusals(given)).toMatchObject([{ pointer, message, severity: 'error' }]);
});

test('everything wrong is said at once', () => {
  expect(refusals({ site: 1, count: 0, x: 1 }).map(({ pointer }) => pointer)).toEqual([
    '/parameters/site',
    '/parameters/count',
    '/parameters/x',
  ]);
});

test('together they take at most 64 KiB of JSON', () => {
  const free = { text: { type: 'string' } };
  expect(resolveParameters(free, { text: 'ä'.repeat(32_000) })).toBeDefined();
  expect(refusals({ text: 'ä'.repeat(33_000) }, free)).toMatchObject([
    { pointer: '/parameters', message: 'parameters: take 66011 bytes as JSON; at most 65536 allowed' },
  ]);
});

test('nesting without end is refused before anything walks it by recursion', () => {
  const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`) as JsonObject[string];
  expect(refusals({ site: 'ber', tags: deep })).toMatchObject([{ message: expect.stringContaining('is nested more than 32 levels deep') }]);
});

test('a job without parameters takes none', () => {
  expect(resolveParameters(undefined, {})).toEqual({});
  expect(refusals({ a: 1 }, {})).toMatchObject([{ message: 'parameters.a: unknown field' }]);
});

test('resolving what was resolved changes nothing', () => {
  const given = fc.record(
    { site: fc.constantFrom('ber', 'fra'), count: fc.integer({ min: 1, max: 10 }), tags: fc.array(fc.string({ unit: 'grapheme' })) },
    { requiredKeys: ['site'] },
  );
  fc.assert(
    fc.property(given, (values) => {
      const resolved = resolveParameters(schemas, values as JsonObject);
      expect(resolveParameters(schemas, resolved)).toEqual(resolved);
    }),
  );
});
