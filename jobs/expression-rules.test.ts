import { expect, test } from 'vitest';
import { parseDefinition } from './definition.ts';
import { TEST_SPECS } from './specs.fixture.ts';

const said = (text: string): readonly string[] =>
  parseDefinition(text, TEST_SPECS).problems.map(({ pointer, message, severity }) => `${pointer} ${severity} ${message}`);

/** A job of three steps in a row with some parameters; the lines are added to the second. */
const second = (lines: string): readonly string[] =>
  said(`name: x
parameters:
  site: { type: string }
  zone: { type: string, enum: [ber-1, fra-2] }
  count: { type: integer }
  on: { type: boolean }
  two-words: { type: string }
steps:
  - { id: first, type: test.exec, config: { command: ls }, outputs: { code: '\${{ result.exit_code }}' } }
  - id: second
    type: test.exec
    ${lines}
  - { id: third, type: test.exec, config: { command: ls } }
`);

const command = (text: string): readonly string[] => second(`config: { command: ${JSON.stringify(text)} }`);
const value = (text: string): readonly string[] => second(`config: { command: ls, environment: { A: ${JSON.stringify(text)} } }`);
const condition = (text: string): readonly string[] => second(`if: ${JSON.stringify(text)}\n    config: { command: ls }`);

test('expressions that fit their place are no problem', () => {
  expect(value('${{ parameters.site }}-${{ parameters.count }}')).toEqual([]);
  expect(value('${{ steps.first.status }}')).toEqual([]);
  expect(value('${{ parameters["two-words"] }}')).toEqual([]);
  expect(second("config: { command: ls, lines: '${{ parameters.count + steps.first.outputs.code }}' }")).toEqual([]);
  expect(second("target: 'edge-${{ parameters.site }}'\n    config: { command: ls }")).toEqual([]);
});

test('a condition is one expression, bare or in brackets, that gives true or false', () => {
  expect(condition('parameters.on')).toEqual([]);
  expect(condition('${{ parameters.on && steps.first.outputs.code == 0 }}')).toEqual([]);
  expect(condition('parameters.count')).toEqual(['/steps/1/if error steps[1].if: it gives integer, not boolean (column 1 of the text)']);
  expect(condition('a ${{ parameters.on }}')).toEqual([
    '/steps/1/if error steps[1].if: "a ${{ parameters.on }}" is not one expression; write ${{ steps.check.outputs.changed }}',
  ]);
  expect(condition('${{ true }}${{ true }}')).toHaveLength(1);
});

test('values are never pasted into code, unless they can hold nothing that code could read', () => {
  expect(command('ls ${{ parameters.site }}')).toEqual([
    '/steps/1/config/command error steps[1].config.command: ${{ parameters.site }} would be pasted into code; bind it as environment: { SITE: \'${{ parameters.site }}\' } and use "$SITE" (column 8 of the text)',
  ]);
  expect(command('head -n ${{ parameters.count }} ${{ parameters.on }} ${{ parameters.zone }}')).toEqual([]);
  expect(command('echo ${{ steps.first.outputs.code }}')).toEqual([]);
});

test.each([
  ['an unknown parameter', '${{ parameters.sit }}', 'there is no parameter "sit"; did you mean "site"? (column 16 of the text)'],
  ['an unknown step', 'x${{ steps.frist.status }}', 'there is no step "frist"; did you mean "first"? (column 12 of the text)'],
  ['an unknown output', '${{ steps.first.outputs.cod }}', 'there is no output "cod"; did you mean "code"? (column 25 of the text)'],
  ['a later step', '${{ steps.third.status }}', 'step "third" may not have ended here; add "third" to needs (column 11 of the text)'],
  ['itself', '${{ steps.second.status }}', 'step "second" cannot read itself (column 11 of the text)'],
  [
    'an unknown variable',
    '${{ parameter.site }}',
    'there is no variable "parameter"; expressions here see parameters, steps, run, target, schedule (column 5 of the text)',
  ],
  ['a number for text', '${{ parameters.count }}', 'it gives integer, not string; write string(…) around it (column 5 of the text)'],
  ['no end', '${{ parameters.site', '"${{" without its "}}"; close it; to write the signs themselves: ${{ "${{" }} (column 1 of the text)'],
  ['nothing', '${{ }}', 'it is empty (column 5 of the text)'],
])('%s in an expression is an error at save', (_, text, says) => {
  expect(value(text)).toEqual([`/steps/1/config/environment/A error steps[1].config.environment.A: ${says}`]);
});

test('only steps that have certainly ended can be read, however long the way to them', () => {
  const job = (needs: string) =>
    said(`name: x
steps:
  - { id: a, type: test.get, config: { url: u } }
  - { id: b, type: test.get, needs: [a], config: { url: u } }
  - { id: c, type: test.get, needs: [], config: { url: u } }
  - { id: d, type: test.get, needs: ${needs}, config: { url: '\${{ steps.a.status }}' } }
`);
  expect(job('[b]')).toEqual([]);
  expect(job('[c]')).toEqual([
    '/steps/3/config/url error steps[3].config.url: step "a" may not have ended here; add "a" to needs (column 11 of the text)',
  ]);
});

test('the outputs of a step see its result and its target, those of a run see every step', () => {
  expect(second("config: { command: ls }\n    outputs: { a: '${{ result.stdot }}', b: '${{ parameters.site }}' }")).toEqual([
    '/steps/1/outputs/a error steps[1].outputs.a: there is no field "stdot"; did you mean "stdout"? (column 12 of the text)',
    '/steps/1/outputs/b error steps[1].outputs.b: there is no variable "parameters"; expressions here see result, target (column 5 of the text)',
  ]);
  expect(second("config: { command: ls }\n    outputs: { on: '${{ target }}' }")).toEqual([]);
  const outputs = (text: string) =>
    said(`name: x\nsteps: [{ id: a, type: test.exec, config: { command: ls } }]\noutputs: { o: ${JSON.stringify(text)} }`);
  expect(outputs('${{ steps.a.outputs.exit_code }}')).toEqual([]);
  expect(outputs('${{ steps.b.status }}')).toEqual([
    '/outputs/o error outputs.o: there is no step "b"; did you mean "a"? (column 11 of the text)',
  ]);
});

test('the default target of a job sees parameters and no step', () => {
  const target = (text: string) =>
    said(
      `name: x\nparameters: { site: { type: string } }\ntarget: ${JSON.stringify(text)}\nsteps: [{ id: a, type: test.exec, config: { command: ls } }]`,
    );
  expect(target('edge-${{ parameters.site }}')).toEqual([]);
  expect(target('${{ steps.a.status }}')).toEqual([
    '/target error target: step "a" may not have ended here; it runs later (column 11 of the text)',
  ]);
});

test('an expression where nothing fills it in is an error', () => {
  expect(
    said(`name: x
title: Run \${{ run.id }}
parameters: { day: { type: string, default: '\${{ run.started_at }}' } }
steps: [{ id: a, type: test.send, name: '\${{ parameters.day }}' }]
`).map((line) => line.split(' ')[0]),
  ).toEqual(['/title', '/parameters/day/default', '/steps/0/name']);
});

test('a field of the wrong shape does not keep the expressions of others from being checked', () => {
  expect(second("priority: high\n    config: { command: 'ls ${{ parameters.site }}' }").map((line) => line.split(' ')[0])).toEqual([
    '/steps/1/priority',
    '/steps/1/config/command',
  ]);
});

test('500 steps that each read the one before are checked without declaring each step to each', () => {
  const steps = Array.from({ length: 500 }, (_, at) => ({
    id: `s${at}`,
    type: 'test.exec',
    config: { command: 'ls', ...(at > 0 && { lines: `\${{ steps.s${at - 1}.outputs.exit_code }}` }) },
  }));
  expect(said(JSON.stringify({ name: 'x', steps }))).toEqual([]);
  expect(
    said(
      JSON.stringify({
        name: 'x',
        steps: [...steps.slice(1), { ...steps[1], config: { command: 'ls', lines: '${{ steps.s8.outputs.code }}' } }],
      }),
    ),
  ).toHaveLength(1);
});

test('what a check asks is looked at when the job is saved', () => {
  const job = (condition: string) =>
    said(
      `name: x\nparameters: { n: { type: integer } }\nchecks: [ { condition: ${JSON.stringify(condition)}, message: no } ]\nsteps: [ { id: a, type: test.exec, target: edge, config: { command: ls } } ]\n`,
    );
  expect(job('${{ parameters.n < 10 }}')).toEqual([]);
  expect(job('parameters.m < 10')).toEqual([
    expect.stringContaining('/checks/0/condition error checks[0].condition: there is no parameter "m"'),
  ]);
  expect(job('parameters.n')).toEqual([expect.stringContaining('it gives integer, not boolean')]);
  expect(job("steps.a.status == 'completed'")).toEqual([expect.stringContaining('it runs later')]);
});
