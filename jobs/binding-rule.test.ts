import { expect, test } from 'vitest';
import { initialState, type RunState } from './apply-event.ts';
import { compile } from './compile.ts';
import { parseDefinition } from './definition.ts';
import type { Json } from './json.ts';
import { nextSteps as nextStepsAt } from './next-steps.ts';
import type { Plan } from './plan.ts';
import { TEST_SPECS } from './specs.fixture.ts';

const nextSteps = (plan: Plan, state: RunState) => nextStepsAt(plan, state, 0);

const job = (command: string) => `
name: bound
target: edge
parameters:
  site: { type: string, enum: [ber, fra] }
  any: { type: string }
steps:
  - { id: one, type: test.exec, config: { command: '${command}' } }
`;
const errorsOf = (command: string) =>
  parseDefinition(job(command), TEST_SPECS)
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ pointer }) => pointer);

/** What a run with these parameters does first. */
function firstMove(command: string, parameters: { readonly [name: string]: Json }) {
  const plan = compile(parseDefinition(job(command), TEST_SPECS).definition, TEST_SPECS);
  const [decision] = nextSteps(
    plan,
    initialState({ run: 'r', job: 'bound', started_at: '2026-11-22T00:00:00.000Z', parameters, target: 'edge' }),
  );
  return decision;
}

test('a definition that pastes a text into a command is not saved, one that pastes a word of an enum is', () => {
  expect(errorsOf('show ${{ parameters.any }}')).toEqual(['/steps/0/config/command']);
  expect(errorsOf('show ${{ parameters.site }}')).toEqual([]);
});

test('what such an enum lets through is looked at once more when the step starts: a value that breaks out fails the step', () => {
  expect(firstMove('show ${{ parameters.site }}', { site: 'ber' })).toMatchObject({ do: 'start', config: { command: 'show ber' } });
  for (const site of ['ber; reboot', '$(id)', "'", 'ber\nreboot', ' x'])
    expect(firstMove('show ${{ parameters.site }}', { site }), site).toMatchObject({
      do: 'fail',
      error: { type: 'invalid_input', message: expect.stringContaining('steps.one.config.command') },
    });
});
