import { expect, test } from 'vitest';
import { compile } from './compile.ts';
import { parseDefinition } from './definition.ts';
import { TEST_SPECS } from './specs.fixture.ts';

/** A job of these lines, two of whose steps stand there already. */
const job = (lines: string) => `
name: phased
parameters: { big: { type: boolean } }
steps:
  - { id: a, type: test.get, if: '\${{ parameters.big }}', config: { url: u }, outputs: { body: '\${{ result.body }}' } }
  - { id: b, type: test.send, needs: [], config: {} }
${lines}`;
const problemsOf = (text: string) => parseDefinition(text, TEST_SPECS).problems.map(({ pointer, message }) => `${pointer} ${message}`);

const step = (fields: string) => job(`  - { id: c, type: test.send, ${fields} }`);
const handled = (fields: string) => job(`on_failure:\n  - { ${fields} }`);

test.each<[string, string, readonly string[]]>([
  [
    'what stands in for nothing there is',
    step('else_of: aa'),
    ['/steps/2/else_of steps[2].else_of: no step has the id "aa"; did you mean "a"?'],
  ],
  ['what stands in for itself', step('else_of: c'), ['/steps/2/else_of steps[2].else_of: step "c" cannot stand in for itself']],
  [
    'what stands in for a step without a condition',
    step('else_of: b'),
    ['/steps/2/else_of steps[2].else_of: step "b" has no condition that could be false; give it an if'],
  ],
  [
    'steps that stand in for each other in a circle',
    job(
      "  - { id: c, type: test.send, if: 'true', needs: [], else_of: d }\n  - { id: d, type: test.send, if: 'true', needs: [], else_of: c }",
    ),
    ['/steps/2/else_of steps[2].else_of: the steps need each other in a circle: c → d → c'],
  ],
  [
    'a step behind a clean-up',
    job('  - { id: c, type: test.send, when: always }\n  - { id: d, type: test.send }'),
    [
      '/steps/3 steps[3]: needs the step before it "c", which cleans up and so comes last of all; write when: always here too, or needs without it',
    ],
  ],
  [
    'a step that needs a clean-up',
    job('  - { id: c, type: test.send, when: always }\n  - { id: d, type: test.send, needs: [a, c] }'),
    [
      '/steps/3/needs/1 steps[3].needs[1]: needs "c", which cleans up and so comes last of all; write when: always here too, or needs without it',
    ],
  ],
  [
    'a clean-up that is undone',
    step('when: always, compensate: { type: test.send }'),
    ['/steps/2/compensate steps[2].compensate: what cleans up comes last of all, and is not undone'],
  ],
  [
    'a wait for nobody',
    step('intervention_timeout: 1h'),
    ['/steps/2/intervention_timeout steps[2].intervention_timeout: nobody is waited for; write on_error: wait'],
  ],
  [
    'a handler with the id of a step',
    handled('id: a, type: test.send'),
    ['/on_failure/0/id on_failure[0].id: "a" is already the id of steps[0]'],
  ],
  [
    'two handlers of one type without ids',
    job('on_failure:\n  - { type: test.send }\non_cancel:\n  - { type: test.send }'),
    ['/on_cancel/0 on_cancel[0]: its id is that of its type, "test.send", which on_failure[0] has already; write an id'],
  ],
  [
    'a step with the id of what undoes another',
    job('  - { id: b.compensate, type: test.send }\n  - { id: c, type: test.send }').replace(
      'needs: [], config: {}',
      'needs: [], compensate: { type: test.send }',
    ),
    ['/steps/1/compensate steps[1].compensate: what undoes this step is called "b.compensate", which is already the id of steps[2]'],
  ],
  [
    'a compensation on several targets',
    step('compensate: { type: test.exec, target: [x, y], config: { command: c } }'),
    [
      '/steps/2/compensate/target steps[2].compensate.target: a compensation runs on one target, or where its step did; name one, or leave target out',
    ],
  ],
  [
    'config of a handler that its type does not take',
    handled('type: test.exec, target: t, config: { lines: 0 }'),
    [
      '/on_failure/0/config/command on_failure[0].config.command: is missing (text)',
      '/on_failure/0/config/lines on_failure[0].config.lines: 0 is not at least 1',
    ],
  ],
  [
    'durations and types of what undoes',
    step('compensate: { type: test.sent, timeout: soon }'),
    [
      '/steps/2/compensate/type steps[2].compensate.type: "test.sent" is not a step type; did you mean "test.send"?',
      '/steps/2/compensate/timeout steps[2].compensate.timeout: "soon" is not a duration; write 500ms, 2s, 5m or 1h',
    ],
  ],
  [
    'an expression of a handler that reads no step',
    handled("type: test.send, config: { text: '${{ steps.aa.outputs.body }}' }"),
    ['/on_failure/0/config/text on_failure[0].config.text: there is no step "aa"; did you mean "a"? (column 11 of the text)'],
  ],
  [
    'a result where nothing is undone',
    handled("type: test.send, config: { text: '${{ result.body }}' }"),
    [
      '/on_failure/0/config/text on_failure[0].config.text: there is no variable "result"; expressions here see parameters, steps, run, target, schedule (column 5 of the text)',
    ],
  ],
])('%s is refused at its place', (_, text, expected) => expect(problemsOf(text)).toEqual(expected));

test('handlers see every step and how the run ends, compensations what they undo, and both are planned', () => {
  const text = job(`  - id: c
    type: test.send
    else_of: a
    outputs: { text: '\${{ "sent" }}' }
    compensate: { type: test.send, config: { text: '\${{ result.text + run.error + steps.b.status }}' } }
on_failure:
  - { type: test.send, if: '\${{ run.status == "failed" }}', config: { text: '\${{ steps.c.outputs.text }}' } }
on_cancel:
  - { id: quiet, type: test.send }
  - { id: more, type: test.send }
`);
  expect(problemsOf(text)).toEqual([]);
  const plan = compile(parseDefinition(text, TEST_SPECS).definition, TEST_SPECS);
  expect(plan.steps[2]).toMatchObject({ needs: ['b', 'a'], elseOf: 'a', compensate: { id: 'c.compensate', number: 3, name: 'undo c' } });
  expect(plan.onFailure).toMatchObject([{ id: 'test.send', number: 4, if: 'run.status == "failed"' }]);
  expect(plan.onCancel).toMatchObject([
    { id: 'quiet', number: 4 },
    { id: 'more', number: 5 },
  ]);
});
