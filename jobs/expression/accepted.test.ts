import { expect, test } from 'vitest';
import { checkExpression } from './check.ts';
import { FUNCTION_NAMES } from './environment.ts';
import { evaluate } from './evaluate.ts';
import { ACCEPTED, FAILING } from './example-expressions.ts';
import { failureOf, scope, variables } from './example-run.ts';

test.each(ACCEPTED)('%s is %j, and the checker agrees', (source, value) => {
  expect(checkExpression(source, scope)).toEqual([]);
  expect(evaluate(source, variables)).toEqual(value);
});

test.each(FAILING)('%s may be saved and fails when evaluated: %s', (source, says) => {
  expect(checkExpression(source, scope).filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(failureOf(source)).toMatch(/^StepFailure/);
  expect(failureOf(source)).toContain(says);
});

test('the table uses every function there is', () => {
  const sources = ACCEPTED.map(([source]) => source).join('\n');
  expect(FUNCTION_NAMES.filter((name) => !new RegExp(`\\b${name}\\(`).test(sources))).toEqual([]);
});
