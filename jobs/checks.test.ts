import { expect, test } from 'vitest';
import { runChecks } from './checks.ts';

test.each([
  ['parameters.n <= 10', undefined, 3, { problems: 0, warnings: [] }],
  ['parameters.n <= 10', undefined, 30, { problems: 1, warnings: [] }],
  ['${{ parameters.n <= 10 }}', 'block', 30, { problems: 1, warnings: [] }],
  ['parameters.n <= 10', 'warn', 30, { problems: 0, warnings: ['at most ten'] }],
  ['parameters.n', 'warn', 30, { problems: 0, warnings: ['at most ten (checks[0].condition must answer true or false, not 30)'] }],
  ['parameters.gone == 1', undefined, 30, { problems: 1, warnings: [] }],
] as const)('%s (%s) of %i', (condition, behavior, n, { problems, warnings }) => {
  const checks = [{ condition, message: 'at most ten', ...(behavior && { behavior }) }];
  const found = runChecks({ checks }, { n });
  expect(found.problems).toHaveLength(problems);
  for (const problem of found.problems)
    expect(problem).toMatchObject({ pointer: '/checks/0', message: expect.stringMatching(/^at most ten/) });
  expect(found.warnings).toEqual(warnings);
});

test('a definition without checks has nothing to say', () => {
  expect(runChecks({}, {})).toEqual({ problems: [], warnings: [] });
});
