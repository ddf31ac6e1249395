import { expect, test } from 'vitest';
import { STEP_SPECS } from '#activities/catalog.ts';
import { validateDefinition } from '../definition.ts';
import type { Json, JsonObject } from '../json.ts';

const problemsOf = (step: JsonObject): readonly string[] =>
  validateDefinition({ name: 'x', steps: [{ id: 'a', ...step }] } as Json, STEP_SPECS)
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ message }) => message.replace('steps[0].', ''));

test.each<[string, JsonObject]>([
  ['an approval that says nothing', { type: 'approval' }],
  [
    'an approval with everything',
    {
      type: 'approval',
      config: {
        message: 'Go on with ${{ run.job }}?',
        form: { type: 'object', required: ['why'], properties: { why: { type: 'string', minLength: 3 } } },
        approvers: ['netops', 'role:admin'],
        count: 2,
        timeout: '8h',
        on_timeout: 'reject',
        reminder: '1h',
        escalation: [{ after: '2h', to: ['boss'] }],
        allow_self: true,
      },
    },
  ],
  ['a wait as long as an expression says', { type: 'wait.duration', config: { duration: '${{ run.job == "x" ? "1s" : "2s" }}' } }],
  ['a moment with its offset', { type: 'wait.until', config: { at: '2027-01-31T23:00:00+01:00' } }],
  ['a time on the wall', { type: 'wait.until', config: { local: '2027-01-31T23:00', timezone: 'Europe/Berlin' } }],
  ['a signal', { type: 'wait.signal', config: { name: 'go' } }],
  ['a webhook for anything', { type: 'wait.webhook' }],
])('%s is right', (_, step) => {
  expect(problemsOf(step)).toEqual([]);
});

test.each<[JsonObject, string]>([
  [{ type: 'approval', timeout: '1h' }, 'timeout: limits an execution, and approval only waits; write config.timeout'],
  [
    { type: 'wait.duration', config: { duration: '1s' }, retry: { attempts: 2 } },
    'retry: steps of type wait.duration are not executed, so nothing is repeated',
  ],
  [{ type: 'wait.duration', config: { duration: '400d' } }, 'config.duration: "400d" is longer than 366 d'],
  [{ type: 'wait.duration', config: { duration: '0s' } }, 'config.duration: "0s" must be longer than nothing'],
  [{ type: 'approval', config: { form: { type: 'string' } } }, 'config.form.type: a form is an object, with a property for each field'],
  [
    { type: 'approval', config: { form: { type: 'object', properties: { a: { type: 'strin' } } } } },
    'config.form.properties.a.type: "strin" is not one of string, integer, number, boolean, array, object; did you mean "string"?',
  ],
  [
    { type: 'approval', config: { form: { type: 'object', title: '${{ run.id }}' } } },
    'config.form: nothing is filled in here; what is answered is checked as this stands',
  ],
  [
    { type: 'approval', config: { on_timeout: 'skip' } },
    'config.on_timeout: says what running out of time means, and there is no limit; write timeout',
  ],
  [
    { type: 'approval', config: { escalation: [{ after: '1h', to: ['x'] }] } },
    'config.escalation: whoever may steer runs is asked from the beginning; name approvers',
  ],
  [
    { type: 'approval', config: { approvers: ['role:viewer'] } },
    'config.approvers[0]: "role:viewer" is no role that may answer; write role:operator or role:admin',
  ],
  [{ type: 'wait.until', config: {} }, 'config: needs one of at, local'],
  [{ type: 'wait.until', config: { at: '2027-13-31T23:00:00Z' } }, 'config.at: "2027-13-31T23:00:00Z" is not a moment'],
  [
    { type: 'wait.until', config: { at: '2027-01-31T23:00:00Z', timezone: 'UTC' } },
    'config.timezone: belongs to `local`; `at` has its offset',
  ],
  [
    { type: 'wait.until', config: { local: '2027-01-31T23:00', timezone: 'Mars/Base' } },
    'config.timezone: "Mars/Base" is not an IANA time zone; write for example Europe/Berlin or UTC',
  ],
  [
    { type: 'wait.webhook', config: { schema: { type: 'object', minLength: 3 } } },
    'config.schema.minLength: minLength says something of string values only; this one is object',
  ],
])('%j is refused', (step, problem) => {
  expect(problemsOf(step)).toEqual([problem]);
});
