import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StepFailure } from '#jobs/failure.ts';
import type { Json } from '#jobs/json.ts';
import { FUNCTION_NAMES } from './environment.ts';
import { evaluate } from './evaluate.ts';
import { variables } from './example-run.ts';

test('a failure names the field, the column and the expression', () => {
  try {
    evaluate('parameters.n + parameters.nope', { parameters: { n: 1 } }, 'steps.show.config.count');
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(StepFailure);
    expect(error).toMatchObject({
      type: 'invalid_input',
      message: 'steps.show.config.count: there is no "nope" (column 27 of ${{ parameters.n + parameters.nope }})',
      details: { field: 'steps.show.config.count', column: 27, expression: 'parameters.n + parameters.nope' },
    });
  }
});

test.each([2 ** 53, -(2 ** 53), 1e300])('the integer %d, which JavaScript cannot hold exactly, is an error and no other number', (n) => {
  expect(() => evaluate('parameters.n', { parameters: { n } })).toThrow('outside the integers that are exact');
});

test('safe integers come back as they went in', () => {
  fc.assert(fc.property(fc.maxSafeInteger(), (n) => evaluate('parameters.n', { parameters: { n } }) === n || Object.is(n, -0)));
});

test('integers add up without losing digits, or say that they would', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), (a, b) => {
      const sum = BigInt(a) + BigInt(b);
      const add = () => evaluate('parameters.a + parameters.b', { parameters: { a, b } });
      if (Number.isSafeInteger(Number(sum))) expect(add()).toBe(Number(sum));
      else expect(add).toThrow('outside the integers that are exact');
    }),
  );
});

const json = fc.jsonValue({ maxDepth: 4 }).filter((value) => !/\d{16}|e\+/.test(JSON.stringify(value))) as fc.Arbitrary<Json>;

test('any JSON passes through an expression unchanged', () => {
  fc.assert(
    fc.property(json, (any) => {
      expect(evaluate('parameters.any', { parameters: { any } })).toEqual(JSON.parse(JSON.stringify(any)));
    }),
  );
});

test('json and fromJson undo each other', () => {
  fc.assert(fc.property(json, (any) => evaluate('fromJson(json(parameters.any)) == parameters.any', { parameters: { any } }) === true));
});

test('sha256 is that of the whole world', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(evaluate('sha256(parameters.text)', { parameters: { text } })).toBe(createHash('sha256').update(text).digest('hex'));
    }),
  );
});

test('the same expression over the same variables always gives the same', () => {
  const source = 'parameters.text.matches("a+b") ? timestamp(run.started_at).getHours() : parameters.xs.map(x, x * 2).size()';
  const one = { parameters: { text: 'caab', xs: [1, 2] }, run: { id: 'r', job: 'j', started_at: '2026-08-10T02:30:00Z' } };
  expect(evaluate(source, one)).toBe(2);
  expect(evaluate(source, structuredClone(one))).toBe(2);
  expect(evaluate(source, { ...one, parameters: { text: '', xs: [1, 2] } })).toBe(2);
  expect(evaluate(source, { ...one, parameters: { text: '', xs: [1] } })).toBe(1);
});

const atoms = [
  '1',
  '-2.5',
  '"a"',
  '"é😀"',
  'true',
  'null',
  '[]',
  '{}',
  'parameters',
  'parameters.any',
  'parameters.text',
  'parameters.hosts',
  'x',
  'steps',
  'run.started_at',
];
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...atoms),
    fc
      .tuple(tie('expression'), fc.constantFrom('+', '-', '*', '/', '%', '==', '!=', '<', '>=', 'in', '&&', '||'), tie('expression'))
      .map((of) => `(${of.join(' ')})`),
    fc.tuple(fc.constantFrom('!', '-'), tie('expression')).map(([sign, of]) => `${sign}(${of})`),
    fc
      .tuple(fc.constantFrom(...FUNCTION_NAMES, 'has', 'default'), fc.array(tie('expression'), { maxLength: 2 }))
      .map(([name, of]) => `${name}(${of})`),
    fc
      .tuple(tie('expression'), fc.constantFrom(...FUNCTION_NAMES), fc.array(tie('expression'), { maxLength: 2 }))
      .map(([on, name, of]) => `${on}.${name}(${of})`),
    fc
      .tuple(tie('expression'), fc.constantFrom('all', 'exists', 'exists_one', 'map', 'filter'), tie('expression'))
      .map(([on, name, of]) => `${on}.${name}(x, ${of})`),
    fc.tuple(tie('expression'), tie('expression')).map(([on, key]) => `${on}[${key}]`),
    fc.tuple(tie('expression'), tie('expression'), tie('expression')).map(([c, a, b]) => `(${c} ? ${a} : ${b})`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `[${a}, ${b}]`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `{"k": ${a}, "l": ${b}}`),
  ),
}));

/** JSON, or a failure a person can read; anything else is a defect. */
function outcome(source: string): unknown {
  try {
    const value = evaluate(source, { ...variables });
    expect(JSON.parse(JSON.stringify(value))).toEqual(value);
    return value;
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    expect(error).toMatchObject({ type: 'invalid_input', message: expect.stringMatching(/^expression: .+ \(column \d+ of /s) });
    expect(error.message).not.toMatch(/undefined|\[object|is not a function|Cannot read/);
    return error.message;
  }
}

test('well-formed expressions give JSON or a readable failure, twice the same', () => {
  fc.assert(
    fc.property(expression, (source) => {
      expect(outcome(source)).toEqual(outcome(source));
    }),
    { numRuns: 1000 },
  );
});

test('any text whatever gives JSON or a readable failure', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ maxLength: 200 }),
        fc.string({ unit: 'binary' }),
        fc.array(fc.constantFrom(...'()[]{}"\'\\+-!.,:?<>=&|a1ub \n')).map((signs) => signs.join('')),
      ),
      (source) => {
        outcome(source);
      },
    ),
    { numRuns: 1000 },
  );
});
