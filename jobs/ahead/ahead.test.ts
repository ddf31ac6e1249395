import { expect, test } from 'vitest';
import { compile } from '../compile.ts';
import { parseDefinition } from '../definition.ts';
import { stepFailure } from '../failure.ts';
import { TEST_SPECS } from '../specs.fixture.ts';
import type { TargetChoice } from '../target-choice.ts';
import { estimateMs } from './estimate.ts';
import { isKnownAhead } from './known.ts';
import { lookAhead } from './look-ahead.ts';

const resolve = async (choice: TargetChoice) => {
  if (JSON.stringify(choice).includes('nobody')) throw stepFailure('invalid_input', 'there is no target "nobody"');
  return ['edge-1', 'edge-2'];
};
const ahead = async (steps: string, rest = '', parameters = { site: 'ber', hosts: ['a', 'b'] }) => {
  const text = `name: ahead\ntarget: core\nparameters: { site: { type: string }, hosts: { type: array, items: { type: string } } }\n${rest}steps:\n${steps}`;
  const { definition, problems } = parseDefinition(text, TEST_SPECS);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return lookAhead(compile(definition, TEST_SPECS), { parameters, target: definition.target ?? null, steps: null }, resolve);
};
const one = async (step: string) =>
  (await ahead(`  - { id: first, type: test.exec, config: { command: 'true' } }\n  - ${step}`)).steps.at(-1);

test('what parameters say is filled in, what steps say stands as it is written and is named', async () => {
  const environment = "{ SITE: 'at ${{ parameters.site }}', CODE: 'x ${{ steps.first.outputs.exit_code }}' }";
  expect(await one(`{ id: b, type: test.exec, config: { command: 'true', environment: ${environment} } }`)).toMatchObject({
    runs: 'yes',
    parts: [
      {
        key: 'b',
        target: 'core',
        config: { environment: { SITE: 'at ber', CODE: 'x ${{ steps.first.outputs.exit_code }}' } },
        later: ['/environment/CODE'],
      },
    ],
  });
});

test.each([
  ['if: "${{ parameters.site == \'ber\' }}"', 'yes'],
  ['if: "${{ parameters.site == \'fra\' }}"', 'no'],
  ['if: "${{ steps.first.status == \'completed\' }}"', 'later'],
  ['when: failure', 'later'],
  ['enabled: false', 'no'],
])('a step with %s runs: %s', async (field, runs) => {
  expect(await one(`{ id: b, type: test.exec, config: { command: 'true' }, ${field} }`)).toMatchObject({ runs });
});

test('targets and items are taken apart as the run would', async () => {
  expect(await one("{ id: b, type: test.exec, target: { tags: [edge] }, max_parallel: 1, config: { command: 'true' } }")).toMatchObject({
    parts: [
      { key: 'b[0]', target: 'edge-1' },
      { key: 'b[1]', target: 'edge-2' },
    ],
    parts_total: 2,
    max_parallel: 1,
  });
  const items =
    "{ id: b, type: test.exec, foreach: '${{ parameters.hosts }}', target: '${{ item }}', config: { command: 'true', environment: { N: '${{ string(index) }}' } } }";
  expect(await one(items)).toMatchObject({
    parts: [
      { target: 'a', item: 'a' },
      { target: 'b', item: 'b', config: { environment: { N: '1' } } },
    ],
  });
  expect(
    await one("{ id: b, type: test.exec, foreach: '${{ steps.first.outputs.stdout.split(string(1)) }}', config: { command: 'true' } }"),
  ).toMatchObject({
    parts: null,
  });
  expect(await one("{ id: b, type: test.exec, target: [nobody, core], config: { command: 'true' } }")).toMatchObject({
    parts: null,
    error: 'there is no target "nobody"',
  });
});

test('locks, undoing and handlers are told of', async () => {
  const rest =
    "limits: { concurrency: { key: 'site-${{ parameters.site }}' } }\non_failure: [ { id: tell, type: test.exec, config: { command: 'true' } } ]\n";
  const found = await ahead(
    "  - { id: a, type: test.exec, config: { command: 'true' }, compensate: { type: test.exec, config: { command: 'false' } } }",
    rest,
  );
  expect(found.locks).toEqual([{ key: 'site-ber', max: 1, on_conflict: 'queue' }]);
  expect(found.steps.map(({ id, on, runs }) => [id, on, runs])).toEqual([
    ['a', 'steps', 'yes'],
    ['a.compensate', 'undo', 'later'],
    ['tell', 'failure', 'later'],
  ]);
});

test('the estimate goes the longest way', async () => {
  const { steps } = await ahead(
    ['a', 'b', 'c']
      .map((id) => `  - { id: ${id}, type: test.exec, needs: ${id === 'c' ? '[a, b]' : '[]'}, config: { command: 'true' } }`)
      .join('\n'),
  );
  expect(
    estimateMs(
      steps,
      new Map([
        ['a', 100],
        ['b', 900],
        ['c', 50],
      ]),
    ),
  ).toBe(950);
  expect(estimateMs(steps, new Map())).toBeNull();
});

test.each([
  ['parameters.site + "steps"', true],
  ['run.id', false],
  ["steps['a'].outputs.x", false],
  ['parameters.rerun', true],
])('%s is known ahead: %s', (source, known) => expect(isKnownAhead(source)).toBe(known));
