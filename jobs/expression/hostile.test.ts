import { expect, test } from 'vitest';
import { evaluate } from './evaluate.ts';
import type { Variables } from './variables.ts';

const thousand = Array.from({ length: 1000 }, (_, at) => at);
const failure = (source: string, variables: Variables = {}): string => {
  try {
    return `gave ${JSON.stringify(evaluate(source, variables)).slice(0, 60)}`;
  } catch (error) {
    return String(error);
  }
};

test('500 parentheses are refused before anything recurses into them', () => {
  expect(failure(`${'('.repeat(500)}1${')'.repeat(500)}`)).toMatch(/nests deeper than 32 \(column 33/);
});

test('brackets inside texts and comments do not count as nesting', () => {
  expect(evaluate(`"${'('.repeat(500)}".size() // ${'('.repeat(100)}`, {})).toBe(500);
});

test.each([
  ['2,000 additions', `1${'+1'.repeat(2000)}`, '2048 are allowed'],
  ['1,000 additions', `1${'+1'.repeat(1000)}`, 'nests deeper than 250'],
  ['2,000 negations', `${'!'.repeat(2000)}true`, 'nests deeper than 32'],
  ['negations with blanks', `${'- '.repeat(400)}1`, 'nests deeper than 32'],
  ['200 conditions', `${'true?1:'.repeat(200)}1`, 'nests too deep'],
  ['300 selects', `parameters${'.a'.repeat(300)}`, 'nests too deep'],
  ['300 methods', `parameters.a${'.trim()'.repeat(280)}`, 'nests too deep'],
])('%s are refused with a sentence, not by an overflow', (_what, source, says) => {
  expect(failure(source, { parameters: { a: '' } })).toContain(says);
});

test('1,000 × 1,000 items in one another are refused', () => {
  const source = 'parameters.xs.all(a, parameters.xs.all(b, a + b >= 0))';
  expect(failure(source, { parameters: { xs: thousand } })).toContain('stands inside another');
});

test('the budget ends an expression that never stops multiplying its work', () => {
  const source = `parameters.xs.map(x, ${'x + '.repeat(100)}0)`;
  expect(failure(source, { parameters: { xs: thousand } })).toContain('more than 100,000 calls');
});

test.each([
  ['the exists it ran out in', (costly: string) => costly],
  ['an or', (costly: string) => `${costly} || true`],
  ['an and', (costly: string) => `${costly} && false`],
  ['a default', (costly: string) => `default(${costly}, true)`],
])('the end of the budget cannot be caught by %s', (_what, around) => {
  const costly = `parameters.xs.exists(x, ${'x + '.repeat(100)}0 < 0)`;
  expect(failure(around(costly), { parameters: { xs: thousand } })).toContain('more than 100,000 calls');
});

test('the budget ends comparing values that were built to be huge', () => {
  const doubled = `[parameters.xs]${'.map(a, [a, a])'.repeat(30)}`;
  expect(failure(`dyn(${doubled}) == dyn(${doubled})`, { parameters: { xs: [1] } })).toContain('more than 100,000 calls');
  expect(failure(doubled, { parameters: { xs: [1] } })).toContain('more than 100,000 calls');
});

test('the budget ends searches whose cost grows with both texts', () => {
  const parameters = { long: 'a'.repeat(60_000), part: `${'a'.repeat(15_000)}b${'a'.repeat(15_000)}` };
  expect(failure('parameters.long.contains(parameters.part)', { parameters })).toContain('more than 100,000 calls');
});

test('patterns take time in proportion to the text, also those that trap JavaScript', () => {
  const parameters = { s: `${'a'.repeat(60_000)}!` };
  expect(evaluate('parameters.s.matches("^(a+)+$")', { parameters })).toBe(false);
  expect(evaluate('parameters.s.matches("(x+x+)+y")', { parameters })).toBe(false);
});

test('patterns too big to try are refused', () => {
  const parameters = { patterns: ['a', 'b'].map((letter) => `${letter}{1000}`.repeat(120)) };
  expect(failure('parameters.patterns.exists(p, "a".matches(p))', { parameters })).toContain('more than 100,000 calls');
  expect(failure(`"a".matches("${'a'.repeat(1025)}")`)).toContain('over the limit of 1024');
});

test('texts, lists and values over their limits are refused', () => {
  const parameters = { text: 'x'.repeat(40_000), list: Array.from({ length: 6000 }, () => 0) };
  expect(failure('parameters.text + parameters.text', { parameters })).toContain('80000 characters is over the limit of 65536');
  expect(failure('parameters.text.replace("x", "xx")', { parameters })).toContain('80000 characters is over the limit');
  expect(failure('[parameters.text, parameters.text].join()', { parameters })).toContain('80000 characters is over the limit');
  expect(failure('(parameters.list + parameters.list).size()', { parameters })).toContain('12000 entries is over the limit of 10000');
  expect(failure('parameters.text.split("")', { parameters })).toContain('40000 entries is over the limit');
  expect(failure(`fromJson("${'['.repeat(400)}${']'.repeat(400)}")`)).toContain('nests deeper than 64');
});

test('only what an expression reads is brought in, so a huge neighbour costs nothing', () => {
  const parameters = { n: 1, huge: Array.from({ length: 200_000 }, () => 0) };
  expect(evaluate('parameters.n + 1', { parameters })).toBe(2);
  expect(failure('parameters.huge.size()', { parameters })).toContain('200000 entries is over the limit');
});

test('many costly expressions over one state end together', () => {
  const variables = { parameters: { xs: thousand } };
  const source = `parameters.xs.map(x, ${'x + '.repeat(40)}0).size()`;
  const answers = Array.from({ length: 20 }, () => failure(source, variables));
  expect(answers[0]).toBe('gave 1000');
  expect(answers.at(-1)).toContain('the expressions together take more than 1,000,000 calls');
  expect(failure(source, { ...variables })).toBe('gave 1000');
});

test('nothing of JavaScript can be reached', () => {
  const parameters = { text: 'a', list: [1], object: { a: 1 } };
  for (const owner of ['text', 'list', 'object']) {
    for (const name of ['constructor', '__proto__', 'prototype', 'toString', 'valueOf', 'length', 'size']) {
      expect(failure(`parameters.${owner}.${name}`, { parameters })).toMatch(/^StepFailure/);
      expect(failure(`parameters.${owner}["${name}"]`, { parameters })).toMatch(/^StepFailure/);
      expect(evaluate(`has(parameters.object.${name})`, { parameters })).toBe(false);
    }
  }
  expect(failure('timestamp(0)["constructor"]')).toMatch(/^StepFailure/);
  expect(evaluate('{"__proto__": {"polluted": true}}.size()', {})).toBe(1);
  expect(JSON.parse(evaluate('json({"__proto__": {"polluted": true}})', {}) as string)).not.toHaveProperty('polluted');
  expect({}).not.toHaveProperty('polluted');
});

test('a parameter named like a part of JavaScript is a parameter like any other', () => {
  const parameters = JSON.parse('{"constructor": 1, "__proto__x": 2, "toString": "c"}');
  expect(evaluate('parameters.constructor + parameters.__proto__x', { parameters })).toBe(3);
  expect(evaluate('parameters.toString', { parameters })).toBe('c');
});
