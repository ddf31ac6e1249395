import { expect, test } from 'vitest';
import { bindingProblems, codeFields } from './bind.ts';
import { scope } from './example-run.ts';
import { runScope } from './types.ts';

const messages = (text: string, language: 'sh' | 'sql' | 'powershell' = 'sh') =>
  bindingProblems(text, scope, language).map(({ message }) => message);

test('a text value in code is refused with the rewrite to use', () => {
  expect(messages('echo ${{ parameters.text }}')).toEqual([
    '${{ parameters.text }} would be pasted into code; bind it as environment: { TEXT: \'${{ parameters.text }}\' } and use "$TEXT"',
  ]);
  expect(messages('Write-Host ${{ target }}', 'powershell')[0]).toContain("environment: { TARGET: '${{ target }}' } and use $env:TARGET");
  expect(messages('select ${{ steps.show.outputs.stdout }}', 'sql')[0]).toContain(
    "parameters: { stdout: '${{ steps.show.outputs.stdout }}' } and use :stdout",
  );
});

test('the problem stands where the expression begins', () => {
  expect(bindingProblems('set -e\necho ${{ target }}', scope, 'sh')).toMatchObject([{ line: 2, column: 10, at: 16, severity: 'error' }]);
});

test.each([
  'parameters.n',
  'parameters.ratio',
  'parameters.on',
  'parameters.n > 1',
  'parameters.site',
  'parameters["site"]',
  'steps.show.outputs.exit_code',
  'parameters.text.size()',
])('%s may stand in code: a number, a boolean, or one of a few harmless words', (source) => {
  expect(messages(`echo \${{ ${source} }}`)).toEqual([]);
});

test.each([
  'parameters.text',
  'parameters.site + ""',
  'parameters.tags',
  'parameters.tags[0]',
  'parameters.any',
  'parameters.labels',
  'run.id',
  'steps.show.status',
  'string(parameters.n)',
  '"x"',
])('%s may not stand in code', (source) => {
  expect(messages(`echo \${{ ${source} }}`)).toHaveLength(1);
});

test.each([['a b'], ['$(id)'], ['a\n'], ['ü'], ["it's"], ['a;b']])('an enum with %j is not harmless', (word) => {
  const words = runScope({ site: { type: 'string', enum: ['ber', word] } }, {});
  expect(bindingProblems('echo ${{ parameters.site }}', words, 'sh')).toHaveLength(1);
});

test('what the checker reports is not reported twice', () => {
  expect(messages('echo ${{ parameters.nope }} ${{ 1 + }}')).toEqual([]);
  expect(messages('echo ${{ parameters.text')).toEqual([]);
});

test('the code texts of a config are found by its schema, wherever they are', () => {
  const code = { type: 'string', 'x-code': 'sh' } as const;
  const schema = {
    type: 'object',
    properties: { command: code, note: { type: 'string' }, 'a/b': { type: 'array', items: code } },
    additionalProperties: code,
    oneOf: [{ properties: { script: code } }],
  } as const;
  const config = { command: 'a ${{ 1 }}', note: '${{ 1 }}', 'a/b': ['x', '${{ 1 }}'], script: '${{ 1 }}', other: 'no expression' };
  expect(codeFields(schema, config)).toEqual(['/command', '/a~1b/1', '/script']);
});
