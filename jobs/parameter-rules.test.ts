import { expect, test } from 'vitest';
import { validateDefinition } from './definition.ts';
import type { Json, JsonObject } from './json.ts';
import { takeParameters } from './parameters.ts';
import { InvalidInput } from './problem.ts';
import { TEST_SPECS } from './specs.fixture.ts';

const problemsOf = (parameters: JsonObject, step: JsonObject = {}) =>
  validateDefinition(
    { name: 'asks', parameters, target: 'edge', steps: [{ id: 'a', type: 'test.exec', config: { command: 'true' }, ...step }] } as Json,
    TEST_SPECS,
  ).problems.map(({ pointer, message }) => `${pointer}: ${message}`);

const secret = { type: 'string', secret: true };

test.each<[string, JsonObject, readonly RegExp[]]>([
  ['a secret number', { p: { type: 'integer', secret: true } }, [/^\/parameters\/p\/type: .*a secret parameter is text/]],
  ['a secret with choices of its own', { p: { ...secret, enum: ['a'] } }, [/^\/parameters\/p\/enum: .*stand in no definition/]],
  ['a secret inside an object', { p: { type: 'object', properties: { q: secret } } }, [/only a whole parameter has secret/]],
  [
    'a condition over what comes later',
    { p: { type: 'string', visible_if: 'parameters.q == "x"' }, q: { type: 'string' } },
    [/there is no parameter "q"/],
  ],
  [
    'a condition that is no yes or no',
    { q: { type: 'string' }, p: { type: 'string', visible_if: 'parameters.q' } },
    [/^\/parameters\/p\/visible_if/],
  ],
  ['a condition over a secret', { q: secret, p: { type: 'string', visible_if: 'parameters.q == "x"' } }, [/there is no parameter "q"/]],
  ['choices from nowhere', { p: { type: 'string', choices: {} } }, [/needs one source of values .* and has none/]],
  ['choices from two places', { p: { type: 'string', choices: { values: ['a'], targets: ['edge-*'] } } }, [/has values and targets/]],
  [
    'choices that depend on nobody',
    { p: { type: 'string', choices: { values: [], depends_on: ['q'] } } },
    [/no parameter "q" stands before/],
  ],
  ['choices that depend on themselves', { p: { type: 'string', choices: { values: [], depends_on: ['p'] } } }, [/depends on itself/]],
  [
    'choices that read what they do not depend on',
    { q: { type: 'string' }, p: { type: 'string', choices: { http: { url: 'https://x.example/${{ parameters.q }}' } } } },
    [/^\/parameters\/p\/choices\/http\/url: .*there is no parameter "q"/],
  ],
  ['choices kept for ever', { p: { type: 'string', choices: { values: [], cache: '400d' } } }, [/^\/parameters\/p\/choices\/cache/]],
  ['a list among the choices', { p: { type: 'string', choices: { http: { url: 'https://x.example', items: 'result.items' } } } }, []],
])('%s', (_, parameters, expected) => {
  const found = problemsOf(parameters);
  expect(found).toHaveLength(expected.length);
  for (const [at, words] of expected.entries()) expect(found[at]).toMatch(words);
});

test('a secret parameter is bound, never read by an expression', () => {
  expect(problemsOf({ token: secret }, { secrets: { TOKEN: 'parameters.token' } })).toEqual([]);
  expect(problemsOf({ token: secret }, { config: { command: 'true', environment: { T: '${{ parameters.token }}' } } })).toEqual([
    expect.stringContaining('parameter "token" is secret; bind it to the step that needs it, with secrets: { TOKEN: parameters.token }'),
  ]);
  expect(problemsOf({ token: { type: 'string' } }, { secrets: { TOKEN: 'parameters.token' } })).toEqual([
    expect.stringContaining('is not secret; use it as an expression'),
  ]);
  expect(problemsOf({ token: secret }, { secrets: { TOKEN: 'parameters.tokn' } })).toEqual([
    expect.stringContaining('did you mean "token"?'),
  ]);
});

const taken = (schemas: object, given: JsonObject) => {
  try {
    return takeParameters(schemas as Parameters<typeof takeParameters>[0], given);
  } catch (error) {
    if (error instanceof InvalidInput) return error.problems.map(({ message }) => message);
    throw error;
  }
};

test('secrets are taken apart from what everybody sees, and are never repeated', () => {
  const schemas = { site: { type: 'string' }, token: { ...secret, pattern: '^[a-z]+$' } };
  expect(taken(schemas, { site: 'ber', token: 'abc' })).toEqual({ parameters: { site: 'ber' }, secrets: { token: 'abc' } });
  expect(taken(schemas, { site: 'ber', token: 'A1' })).toEqual(['parameters.token: is not what the definition asks of this secret']);
  expect(taken(schemas, { site: 'ber', token: 4711 })).toEqual(['parameters.token: is not what the definition asks of this secret']);
  expect(taken(schemas, { site: 'ber' })).toEqual(['parameters.token: is missing (text)']);
});

test('what is not asked for is not needed, takes its default, and is refused when it is given', () => {
  const schemas = {
    mode: { type: 'string', enum: ['fast', 'safe'] },
    checks: { type: 'integer', visible_if: "${{ parameters.mode == 'safe' }}" },
    depth: { type: 'integer', default: 2, visible_if: "parameters.mode == 'safe'" },
  };
  expect(taken(schemas, { mode: 'fast' })).toEqual({ parameters: { mode: 'fast', checks: null, depth: 2 }, secrets: {} });
  expect(taken(schemas, { mode: 'fast', checks: null, depth: 2 })).toMatchObject({ parameters: { checks: null, depth: 2 } });
  expect(taken(schemas, { mode: 'safe', checks: 3 })).toMatchObject({ parameters: { checks: 3, depth: 2 } });
  expect(taken(schemas, { mode: 'safe' })).toEqual(['parameters.checks: is missing (a whole number)']);
  expect(taken(schemas, { mode: 'fast', checks: 3 })).toEqual([
    "parameters.checks: is not asked for unless ${{ parameters.mode == 'safe' }}",
  ]);
});
