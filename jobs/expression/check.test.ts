import { expect, test } from 'vitest';
import { checkExpression, checkTemplate, expressionType, outputsType } from './check.ts';
import { scope } from './example-run.ts';
import { ExpressionError, expressionsIn, hasExpression } from './scan.ts';
import { resultScope, runScope } from './types.ts';

test('problems of a text stand where they are in the text', () => {
  const text = 'first ${{ parameters.n }}\n  then ${{ parameters.nn + 1 }} and ${{ steps.nope.status }}';
  expect(checkTemplate(text, scope)).toMatchObject([
    { line: 2, column: 23, at: 48, message: expect.stringContaining('there is no parameter "nn"') },
    { line: 2, column: 47, message: expect.stringContaining('there is no step "nope"') },
  ]);
});

test('an expression that never ends is a problem where it begins', () => {
  expect(checkTemplate('ok\nand ${{ parameters.n', scope)).toMatchObject([
    { line: 2, column: 5, message: expect.stringContaining('without its "}}"') },
  ]);
});

test('a place may ask for a type', () => {
  expect(checkExpression('parameters.n', scope, 'boolean')).toMatchObject([
    { message: 'it gives integer, not boolean', expected: 'boolean' },
  ]);
  expect(checkExpression('parameters.n > 1', scope, 'boolean')).toEqual([]);
  expect(checkExpression('parameters.any', scope, 'boolean')).toEqual([]);
  expect(checkTemplate('${{ parameters.n }}', scope, 'number')).toEqual([]);
  expect(checkTemplate('n is ${{ parameters.n }}', scope, 'boolean')).toEqual([]);
});

test('a division that may turn out whole is a warning', () => {
  expect(checkExpression('parameters.ratio / 2', scope)).toMatchObject([
    { severity: 'warning', message: expect.stringContaining('write double(…)') },
  ]);
  expect(checkExpression('parameters.ratio / parameters.ratio', scope)).toMatchObject([{ severity: 'warning' }]);
  expect(checkExpression('double(parameters.ratio) / 2 + parameters.ratio / 2.0 + parameters.n / 2', scope)).toEqual([]);
});

test('the outputs of a step see its result alone', () => {
  const result = resultScope({ type: 'object', properties: { exit_code: { type: 'integer' } } });
  expect(checkExpression('result.exit_code == 0', result)).toEqual([]);
  expect(checkExpression('result.exit', result)).toMatchObject([{ message: 'there is no field "exit"; there is exit_code' }]);
  expect(checkExpression('parameters.n', result)).toMatchObject([
    { message: 'there is no variable "parameters"; expressions here see result' },
  ]);
});

test('declared outputs are typed by their templates, for the steps that read them', () => {
  const result = resultScope({ type: 'object', properties: { code: { type: 'integer' }, out: { type: 'string' }, body: {} } });
  const declared = {
    ok: '${{ result.code == 0 }}',
    line: 'it said ${{ result.out }}',
    lines: '${{ result.out.split("\\n") }}',
    body: '${{ result.body }}',
    broken: '${{ 1 + }}',
  };
  const outputs = outputsType(declared, result);
  expect(outputs.properties).toEqual({
    ok: { type: 'boolean' },
    line: { type: 'string' },
    lines: { type: 'array', items: { type: 'string' } },
    body: {},
    broken: {},
  });
  const later = runScope({}, { first: outputs });
  expect(checkExpression('steps.first.outputs.ok && steps.first.outputs.lines.size() > 1 && steps.first.outputs.body.any', later)).toEqual(
    [],
  );
  expect(checkExpression('steps.first.outputs.ok + 1', later)).toMatchObject([{ message: 'no operator fits bool + int' }]);
  expect(outputsType({}, result)).toBe(result.result);
});

test.each([
  ['parameters.n', { type: 'integer' }],
  ['parameters.site', { type: 'string', enum: ['ber', 'fra'] }],
  ['parameters.n + 0.5', { type: 'number' }],
  ['parameters.tags.map(t, t.size())', { type: 'array', items: { type: 'integer' } }],
  ['{"a": 1}', { type: 'object', additionalProperties: { type: 'integer' } }],
  ['parameters.labels', { type: 'object', additionalProperties: { type: 'string' } }],
  ['timestamp(0)', { type: 'string' }],
  ['parameters.any', {}],
  ['[]', { type: 'array', items: {} }],
])('%s is known to be %j', (source, schema) => {
  expect(expressionType(source, scope)).toEqual(schema);
});

test('an object that names no fields, or allows more, may be read by any key', () => {
  const open = runScope(
    { free: { type: 'object' }, more: { type: 'object', properties: { a: { type: 'integer' } }, additionalProperties: true } },
    {},
  );
  expect(checkExpression('parameters.free.x.y + parameters.more.z', open)).toEqual([]);
});

test('an enum tells the type where none is written', () => {
  const typed = runScope(
    { method: { enum: ['GET', 'PUT'] }, level: { enum: [1, 2] }, mixed: { enum: [1, 'a'] }, fixed: { const: true } },
    {},
  );
  expect(checkExpression('parameters.method + 1', typed)).toMatchObject([{ message: 'no operator fits string + int' }]);
  expect(checkExpression('parameters.level + 1 > 2 && parameters.fixed && parameters.mixed == 1', typed)).toEqual([]);
});

test('names that cannot be told apart by the checker stay apart', () => {
  const one = { type: 'object', properties: { a: { type: 'integer' } } } as const;
  const two = { type: 'object', properties: { b: { type: 'integer' } } } as const;
  const close = runScope({}, { 'a-b': one, a_b: two });
  expect(checkExpression('steps["a-b"].outputs.a + steps.a_b.outputs.b', close)).toEqual([]);
  expect(checkExpression('steps["a-b"].outputs.b', close)).toMatchObject([{ message: 'there is no output "b"; did you mean "a"?' }]);
});

test('expressions are found with their place, and one that never ends is an error', () => {
  expect(expressionsIn('a ${{ x }} b ${{y}}')).toEqual([
    { source: 'x', at: 6 },
    { source: 'y', at: 16 },
  ]);
  expect(hasExpression('$ {{ x }}')).toBe(false);
  expect(() => expressionsIn('${{ "}}"')).toThrow(ExpressionError);
});
