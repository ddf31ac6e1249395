import { expect, test } from 'vitest';
import { parseDefinition } from './definition.ts';
import { effectOf } from './effect.ts';
import { TEST_SPECS } from './specs.fixture.ts';

const problemsOf = (source: string): readonly string[] =>
  parseDefinition(source, TEST_SPECS).problems.map(({ pointer, message }) => `${pointer} ${message}`);
const withTarget = (target: string, more = ''): readonly string[] =>
  problemsOf(`name: x
parameters: { site: { type: string, default: ber }, hosts: { type: array, items: { type: string }, default: [] }, any: { type: object, default: {} } }
steps:
  - id: show
    type: test.exec
    target: ${target}
    config: { command: hostname }
    ${more}
`);

test.each([
  'core-1',
  "'edge-${{ parameters.site }}'",
  "'${{ parameters.hosts }}'",
  '[core-1, "edge-*", "r[1-4]"]',
  "['edge-${{ parameters.site }}']",
  "{ tags: [edge], site: '${{ parameters.site }}' }",
  "{ names: '${{ parameters.hosts }}', kind: ssh, any_tags: [a], not_tags: [b], allow_empty: true, rack: 5, spare: false }",
])('a target may be %s', (target) => {
  expect(withTarget(target)).toEqual([]);
});

const QUOTED = '"edge-*"';
test.each([
  [QUOTED, '/steps/0/target steps[0].target: "edge-*" stands for several names; write ["edge-*"]'],
  ['[]', '/steps/0/target steps[0].target: has 0 entries; at least 1 needed'],
  ['5', '/steps/0/target steps[0].target: 5 is not text or a list or an object'],
  ['[core, 5]', '/steps/0/target/1 steps[0].target[1]: 5 is not text; write "5" in quotes'],
  ['["edge-["]', '/steps/0/target/0 steps[0].target[0]: "edge-[" has a bracket without its partner; write [a-z], or [!a-z] for all others'],
  ['{}', '/steps/0/target steps[0].target: has 0 entries; at least 1 needed'],
  [
    '{ allow_empty: true }',
    '/steps/0/target steps[0].target: asks for nothing, which would be every target; write { names: ["*"] } if that is meant',
  ],
  ['{ tags: edge }', '/steps/0/target/tags steps[0].target.tags: "edge" is not a list, or an expression that gives one'],
  [
    '{ site: [ber] }',
    '/steps/0/target/site steps[0].target.site: a list is not the value of an attribute; write text, a number, true or false',
  ],
  [
    '{ tag: edge }',
    '/steps/0/target/tag steps[0].target.tag: is no field of a selector, and too near to one to be an attribute; did you mean "tags"?',
  ],
  [
    '{ tags: [a], any_tag: b, allow_emtpy: true }',
    '/steps/0/target/any_tag steps[0].target.any_tag: is no field of a selector, and too near to one to be an attribute; did you mean "any_tags"?',
    '/steps/0/target/allow_emtpy steps[0].target.allow_emtpy: is no field of a selector, and too near to one to be an attribute; did you mean "allow_empty"?',
  ],
  [
    "'${{ parameters.any }}'",
    '/steps/0/target steps[0].target: it gives object, not string; write string(…) around it (column 5 of the text)',
  ],
  ["{ tags: '${{ parameters.site }}' }", '/steps/0/target/tags steps[0].target.tags: it gives string, not array (column 5 of the text)'],
  [
    "{ site: '${{ parameter.site }}' }",
    '/steps/0/target/site steps[0].target.site: there is no variable "parameter"; expressions here see parameters, steps, run, target, schedule (column 5 of the text)',
  ],
])('a target of %s is refused at its place', (target, ...problems) => {
  expect(withTarget(target)).toEqual(problems);
});

test('how many targets at a time is a number from 1, for steps that take targets', () => {
  expect(withTarget('[a, b]', 'max_parallel: 2')).toEqual([]);
  expect(withTarget('[a, b]', 'max_parallel: 0')).toEqual(['/steps/0/max_parallel steps[0].max_parallel: 0 is not at least 1']);
  expect(problemsOf('name: x\nsteps: [{ id: a, type: test.get, config: { url: u }, max_parallel: 2 }]')).toEqual([
    '/steps/0/max_parallel steps[0].max_parallel: steps of type test.get take no target, and this one has no foreach or matrix',
  ]);
});

const reads = (target: string, expression: string, job = ''): readonly string[] =>
  problemsOf(`name: x
parameters: { hosts: { type: array, items: { type: string } }, one: { type: string }, any: { type: array } }
${job}
steps:
  - { id: show, type: test.exec, config: { command: hostname }, outputs: { changed: '\${{ result.exit_code == 0 }}' }${target} }
  - { id: next, type: test.get, if: '\${{ ${expression} }}', config: { url: u } }
`);

test('what a step on several targets hands on is a list, and one on one target is not', () => {
  const each = 'steps.show.outputs.exists(o, o.changed)';
  const one = 'steps.show.outputs.changed';
  for (const many of [', target: [a]', ', target: { tags: [a] }', ", target: '${{ parameters.hosts }}'"]) {
    expect(reads(many, each)).toEqual([]);
    expect(reads(many, 'steps.show.outputs[0].changed')).toEqual([]);
    expect(reads(many, one)).toHaveLength(1);
    expect(reads(many, 'steps.show.outputs.exists(o, o.chnaged)')[0]).toContain('there is no field "chnaged"; did you mean "changed"?');
  }
  for (const single of [', target: a', ", target: '${{ parameters.one }}'", ", target: 'edge-${{ parameters.one }}'", '']) {
    expect(reads(single, one)).toEqual([]);
    expect(reads(single, each)).toHaveLength(1);
  }
  expect(reads('', each, 'target: [a, b]')).toEqual([]);
  expect(reads(', target: a', one, 'target: [a, b]')).toEqual([]);
});

test('an effect that depends on the config is the author’s word, else that of the first field that is set, else the usual one', () => {
  const effect = { default: 'at-most-once', named_by: 'effect', having: { config_lines: 'at-most-once', commands: 'idempotent' } } as const;
  expect(effectOf({ effect }, {})).toBe('at-most-once');
  expect(effectOf({ effect }, { commands: ['show version'] })).toBe('idempotent');
  expect(effectOf({ effect }, { commands: [], config_lines: null })).toBe('at-most-once');
  expect(effectOf({ effect }, { commands: ['x'], config_lines: ['y'] })).toBe('at-most-once');
  expect(effectOf({ effect }, { config_lines: ['y'], effect: 'idempotent' })).toBe('idempotent');
  expect(effectOf({ effect }, { effect: '${{ parameters.effect }}' })).toBe('at-most-once');
  expect(effectOf({ effect: 'idempotent' }, { effect: 'at-most-once' })).toBe('idempotent');
});
