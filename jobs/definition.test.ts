import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseDefinition, validateDefinition } from './definition.ts';
import { definitions } from './definitions.fixture.ts';
import type { Json } from './json.ts';
import { TEST_SPECS } from './specs.fixture.ts';

const said = (text: string): readonly string[] =>
  parseDefinition(text, TEST_SPECS).problems.map(({ line, column, pointer, message }) => `${line}:${column} ${pointer} ${message}`);

/** The problems of a job with one sound step, to which these lines are added. */
const job = (lines: string): readonly string[] => said(`name: x\nsteps: [{ id: a, type: test.get, config: { url: u } }]\n${lines}`);

/** The problems of a job whose third step holds these lines. */
const step = (lines: string, type = 'test.get', config = 'config: { url: u }'): readonly string[] =>
  said(
    `name: x\nsteps:\n  - { id: a, type: test.send }\n  - { id: b, type: test.send }\n  - id: c\n    type: ${type}\n    ${config}\n    ${lines}\n`,
  );

const NAME = 'a name; write lower-case letters, digits, ".", "_" or "-", at most 100, the first a letter or digit';

test.each([
  ['no name', said('steps: [{ id: a, type: test.send }]'), [`1:1 /name name: is missing (${NAME})`]],
  ['no steps', said('name: x'), ['1:1 /steps steps: is missing (a list)']],
  ['an empty list of steps', said('name: x\nsteps: []'), ['2:8 /steps steps: has 0 entries; at least 1 needed']],
  ['a list as the whole', said('- 1'), ['1:1  a list is not an object']],
  ['capitals in the name', said('name: Edge\nsteps: [{ id: a, type: test.send }]'), [`1:7 /name name: "Edge" is not ${NAME}`]],
  [
    'a reserved name',
    said('name: validate\nsteps: [{ id: a, type: test.send }]'),
    ['1:7 /name name: "validate" is reserved; choose another name'],
  ],
  ['an unknown field', job('stepps: []'), ['3:9 /stepps stepps: unknown field; did you mean "steps"?']],
  ['an unknown field of a block', job('limit:\n  timeout: 5m'), ['3:1 /limit limit: unknown field; did you mean "limits"?']],
  [
    'a zone that is none',
    job('timezone: Europe/Berln'),
    ['3:11 /timezone timezone: "Europe/Berln" is not an IANA time zone; did you mean "Europe/Berlin"?'],
  ],
  [
    'a zone in other case',
    job('timezone: europe/berlin'),
    ['3:11 /timezone timezone: "europe/berlin" is not an IANA time zone; did you mean "Europe/Berlin"?'],
  ],
  [
    'an offset as a zone',
    job('timezone: "+02:00"'),
    ['3:11 /timezone timezone: "+02:00" is not an IANA time zone; did you mean "Etc/GMT-2"?'],
  ],
  ['a priority out of range', job('priority: 11'), ['3:11 /priority priority: 11 is not at most 10']],
  ['a tag twice', job('tags: [a, b, a]'), ['3:14 /tags/2 tags[2]: "a" stands already at [0]']],
  [
    'a run limit that is no duration',
    job('limits: { timeout: 2 hours }'),
    ['3:20 /limits/timeout limits.timeout: "2 hours" is not a duration; write 500ms, 2s, 5m or 1h'],
  ],
  ['a run limit above a year', job('limits: { timeout: 400d }'), ['3:20 /limits/timeout limits.timeout: "400d" is longer than 365 d']],
  [
    'a limit there is not',
    job('limits: { memory: 1 }'),
    ['3:19 /limits/memory limits.memory: unknown field; known are timeout, concurrency'],
  ],
  [
    'units of a duration in the wrong order',
    job('limits: { timeout: 5m1h }'),
    ['3:20 /limits/timeout limits.timeout: "5m1h" is not a duration; write 500ms, 2s, 5m or 1h'],
  ],

  [
    'a parameter without a type',
    job('parameters: { p: {} }'),
    ['3:18 /parameters/p/type parameters.p.type: is missing (one of string, integer, number, boolean, array, object)'],
  ],
  [
    'an unknown type',
    job('parameters: { p: { type: text } }'),
    ['3:26 /parameters/p/type parameters.p.type: "text" is not one of string, integer, number, boolean, array, object'],
  ],
  [
    'a keyword of the wrong type',
    job('parameters: { p: { type: string, maxLength: "5" } }'),
    ['3:45 /parameters/p/maxLength parameters.p.maxLength: "5" is not a whole number; write 5 without quotes'],
  ],
  [
    'a keyword that says nothing of the type',
    job('parameters: { p: { type: string, maximum: 5 } }'),
    ['3:43 /parameters/p/maximum parameters.p.maximum: maximum says something of integer and number values only; this one is string'],
  ],
  [
    'a keyword outside the dialect',
    job('parameters: { p: { $ref: "#", type: string } }'),
    [
      '3:26 /parameters/p/$ref parameters.p["$ref"]: unknown field; known are type, title, description, default, enum, const, examples, secret, order, group, visible_if, choices, minLength, maxLength, pattern, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, items, minItems, maxItems, uniqueItems, properties, required, additionalProperties, minProperties, maxProperties',
    ],
  ],
  [
    'a pattern with a lookahead',
    job('parameters: { p: { type: string, pattern: "(?=a)" } }'),
    ['3:43 /parameters/p/pattern parameters.p.pattern: "(?=a)" is not a pattern of RE2: invalid or unsupported Perl syntax: `(?=`'],
  ],
  [
    'a default that does not fit',
    job('parameters: { p: { type: integer, default: 5.5 } }'),
    ['3:44 /parameters/p/default parameters.p.default: 5.5 is not a whole number'],
  ],
  [
    'a default that is no choice',
    job('parameters: { p: { type: string, enum: [a, b], default: c } }'),
    ['3:57 /parameters/p/default parameters.p.default: "c" is not one of a, b; did you mean "a"?'],
  ],
  [
    'a choice of another type',
    job('parameters: { p: { type: string, enum: [a, 1] } }'),
    ['3:44 /parameters/p/enum/1 parameters.p.enum[1]: 1 is not text; write "1" in quotes'],
  ],
  [
    'a range without a value',
    job('parameters: { p: { type: integer, minimum: 5, maximum: 1 } }'),
    ['3:44 /parameters/p/minimum parameters.p.minimum: 5 is more than maximum, 1'],
  ],
  [
    'a fault inside a nested schema',
    job('parameters: { p: { type: array, items: { type: object, properties: { a: { type: string, pattern: "(" } } } } }'),
    [
      '3:98 /parameters/p/items/properties/a/pattern parameters.p.items.properties.a.pattern: "(" is not a pattern of RE2: missing closing ): `(`',
    ],
  ],
  [
    'a required field that is forbidden',
    job('parameters: { p: { type: object, required: [a], additionalProperties: false } }'),
    ['3:45 /parameters/p/required/0 parameters.p.required[0]: "a" is required, yet properties does not allow it'],
  ],
  [
    'a secret parameter',
    job('parameters: { p: { type: string, secret: true, default: x } }'),
    ['3:57 /parameters/p/default parameters.p.default: a secret parameter has none: its values stand in no definition'],
  ],
  [
    'a name no expression can write',
    job('parameters: { "9 lives": { type: string } }'),
    [
      '3:26 /parameters/9 lives parameters["9 lives"]: "9 lives" is not a name; write letters, digits, "_" or "-", at most 100, the first a letter',
    ],
  ],

  [
    'an unknown step type',
    step('', 'test.exce'),
    ['6:11 /steps/2/type steps[2].type: "test.exce" is not a step type; did you mean "test.exec"?'],
  ],
  [
    'an inherited name as type',
    step('', 'constructor'),
    ['6:11 /steps/2/type steps[2].type: "constructor" is not a step type; known are test.exec, test.get, test.send'],
  ],
  ['an unknown field of a step', step('timout: 5m'), ['8:13 /steps/2/timout steps[2].timout: unknown field; did you mean "timeout"?']],
  [
    'a delay that is no duration',
    step('retry: { delay: soon }'),
    ['8:21 /steps/2/retry/delay steps[2].retry.delay: "soon" is not a duration; write 500ms, 2s, 5m or 1h'],
  ],
  [
    'a number for a duration',
    step('timeout: 30'),
    ['8:14 /steps/2/timeout steps[2].timeout: 30 is not a duration; write 500ms, 2s, 5m or 1h'],
  ],
  ['no time at all', step('timeout: 0s'), ['8:14 /steps/2/timeout steps[2].timeout: "0s" must be longer than nothing']],
  [
    'more attempts than allowed',
    step('retry: { attempts: 101 }'),
    ['8:24 /steps/2/retry/attempts steps[2].retry.attempts: 101 is not at most 100'],
  ],
  ['no attempt', step('retry: { attempts: 0 }'), ['8:24 /steps/2/retry/attempts steps[2].retry.attempts: 0 is not at least 1']],
  [
    'a longest wait below the first',
    step('retry: { delay: 10s, max_delay: 1s }'),
    ['8:37 /steps/2/retry/max_delay steps[2].retry.max_delay: "1s" is shorter than the delay of 10s'],
  ],
  [
    'a failure that is never repeated',
    step('retry: { on: [auth] }'),
    ['8:19 /steps/2/retry/on/0 steps[2].retry.on[0]: "auth" is not one of connection, timeout, exit_code, assertion, lost, internal'],
  ],
  [
    'inline what may not be repeated',
    step('inline: true\n    timeout: 5s', 'test.exec', 'config: { command: ls }'),
    ['8:13 /steps/2/inline steps[2].inline: only steps that may be repeated run inline; test.exec is at-most-once'],
  ],
  [
    'inline what may last long',
    step('inline: true'),
    [
      '8:13 /steps/2/inline steps[2].inline: inline steps last at most 10s and this one may last 30s by default; write timeout: 10s or less',
    ],
  ],
  ['a target where none is taken', step('target: core'), ['8:13 /steps/2/target steps[2].target: steps of type test.get take no target']],
  ['a choice that is none', step('on_error: later'), ['8:15 /steps/2/on_error steps[2].on_error: "later" is not one of fail, wait']],
  [
    'a secret that is none',
    step('secrets: { A: db-prod }'),
    [
      '8:19 /steps/2/secrets/A steps[2].secrets.A: "db-prod" is not a secret; write credential.field, e.g. db-prod.password, or parameters.name',
    ],
  ],
  [
    'a secret where none is taken',
    step('secrets: { A: db-prod.password }'),
    ['8:14 /steps/2/secrets steps[2].secrets: steps of type test.get take no secrets'],
  ],
  [
    'a secret that goes nowhere',
    step('secrets: { A: db-prod.password }', 'test.send', 'config: { text: t }'),
    ['8:19 /steps/2/secrets/A steps[2].secrets.A: no header takes this secret; write config.secret_headers: { Authorization: A }'],
  ],
  [
    'a header whose secret is not bound',
    step('secrets: { A: db-prod.password }', 'test.send', 'config: { secret_headers: { X: A, Y: B } }'),
    [
      '7:42 /steps/2/config/secret_headers/Y steps[2].config.secret_headers.Y: "B" is a secret that the step does not bind; write secrets: { B: credential.field }',
    ],
  ],
  ['a secret that a header takes', step('secrets: { A: db-prod.password }', 'test.send', 'config: { secret_headers: { X: A } }'), []],
  [
    'a field that no step has',
    step('finally: [1]'),
    [
      '8:14 /steps/2/finally steps[2].finally: unknown field; known are id, name, type, needs, if, else_of, when, target, foreach, matrix, max_parallel, order, batch, fail, config, timeout, retry, inline, continue_on_failure, on_error, on_closed, intervention_timeout, compensate, concurrency, rate, outputs, secrets, priority, enabled',
    ],
  ],
  [
    'a need that is no step',
    step('needs: [a, bb]'),
    ['8:16 /steps/2/needs/1 steps[2].needs[1]: no step has the id "bb"; did you mean "b"?'],
  ],
  [
    'a config without its required field',
    step('', 'test.exec', 'config: {}'),
    ['7:13 /steps/2/config/command steps[2].config.command: is missing (text)'],
  ],
  [
    'no config where one is needed',
    step('', 'test.exec', 'priority: 1'),
    ['5:5 /steps/2/config steps[2].config: is missing; steps of type test.exec need command'],
  ],
  ['neither of two fields', step('', 'test.get', 'config: {}'), ['7:13 /steps/2/config steps[2].config: needs one of url, urls']],
  [
    'an unknown field of the config',
    step('', 'test.exec', 'config: { comand: ls }'),
    [
      '7:13 /steps/2/config/command steps[2].config.command: is missing (text)',
      '7:23 /steps/2/config/comand steps[2].config.comand: unknown field; did you mean "command"?',
    ],
  ],
  [
    'text with an expression for a number',
    step('', 'test.exec', "config: { command: ls, lines: '5${{ 1 }}' }"),
    ['7:35 /steps/2/config/lines steps[2].config.lines: "5${{ 1 }}" is not a whole number'],
  ],
])('%s is refused in a sentence at its place', (_, problems, expected) => {
  expect(problems).toEqual(expected);
});

test('a text that cannot be read answers with problems too', () => {
  const { definition, problems } = parseDefinition('name: x\nname: y', TEST_SPECS);
  expect(definition).toEqual({ name: '', steps: [] });
  expect(problems).toMatchObject([{ pointer: '/name', line: 2, column: 1, severity: 'error' }]);
});

test('everything wrong is said at once, in the order of the text, at most 100 times', () => {
  expect(
    said('name: X\nsteps:\n  - { id: a, type: nope }\n  - { id: a, type: test.send, timeout: 0s }\n').map((line) => line.split(' ')[1]),
  ).toEqual(['/name', '/steps/0/type', '/steps/1/id', '/steps/1/timeout']);
  expect(said(`name: x\nsteps:\n${'  - { id: A, type: nope }\n'.repeat(300)}`)).toHaveLength(100);
});

test('a field of the wrong shape hides none of the faults beside it', () => {
  expect(
    said('name: x\nsteps:\n  - { id: a, type: test.get, priority: high, timeout: 0s, config: { url: 1 } }').map(
      (line) => line.split(' ')[1],
    ),
  ).toEqual(['/steps/0/priority', '/steps/0/timeout', '/steps/0/config/url']);
});

test('data that never was text is checked the same, without lines', () => {
  const value = { name: 'x', steps: [{ id: 'a', type: 'test.get', config: { url: 7 } }] };
  expect(validateDefinition(value, TEST_SPECS).problems).toEqual([
    {
      pointer: '/steps/0/config/url',
      message: 'steps[0].config.url: 7 is not text; write "7" in quotes',
      value: 7,
      expected: 'text',
      severity: 'error',
    },
  ]);
  const deep = JSON.parse(`{"name":"x","steps":${'['.repeat(5000)}${']'.repeat(5000)}}`) as Json;
  expect(validateDefinition(deep, TEST_SPECS).problems).toMatchObject([
    { message: expect.stringContaining('nested more than 32 levels deep') },
  ]);
});

test('a definition comes back unchanged from its YAML and from its JSON', () => {
  fc.assert(
    fc.property(definitions, (definition) => {
      for (const text of [stringify(definition), JSON.stringify(definition), JSON.stringify(definition, null, '\t')]) {
        expect(parseDefinition(text, TEST_SPECS)).toEqual({ definition, problems: [] });
      }
    }),
    { numRuns: 40 },
  );
});
