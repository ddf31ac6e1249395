import { defineStep } from './step.ts';

/** Step types for tests of this room: one of each effect, with and without a target. */
const exec = defineStep({
  type: 'test.exec',
  title: 'Run something once',
  target: 'ssh',
  secrets: 'environment',
  effect: 'at-most-once',
  queue: 'remote',
  defaults: { timeout: '10m', retry: { attempts: 1 } },
  config: {
    type: 'object',
    additionalProperties: false,
    required: ['command'],
    properties: {
      command: { type: 'string', minLength: 1, maxLength: 65_536, 'x-code': 'sh' },
      environment: { type: 'object', additionalProperties: { type: 'string' } },
      lines: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
      mode: { enum: ['quiet', 'loud'], default: 'quiet' },
    },
  },
  result: { type: 'object', required: ['exit_code'], properties: { exit_code: { type: 'integer' }, stdout: { type: 'string' } } },
  examples: [
    { title: 'a command', config: { command: 'df -h /' }, expect: { exit_code: 0 } },
    { title: 'with values', config: { command: 'echo "$A"', environment: { A: 'b' }, lines: 5 } },
  ],
});

const get = defineStep({
  type: 'test.get',
  title: 'Look something up',
  effect: 'idempotent',
  queue: 'http',
  defaults: { timeout: '30s', retry: { attempts: 3, delay: '2s', backoff: 3, max_delay: '1m' } },
  config: {
    type: 'object',
    additionalProperties: false,
    oneOf: [{ required: ['url'] }, { required: ['urls'] }],
    properties: { url: { type: 'string' }, urls: { type: 'array', items: { type: 'string' } }, any: {} },
  },
  result: { type: 'object', properties: { body: {} } },
  examples: [{ title: 'one address', config: { url: 'https://example.com' } }],
});

const send = defineStep({
  type: 'test.send',
  title: 'Send something',
  secrets: 'headers',
  effect: 'at-least-once',
  queue: 'local',
  defaults: { timeout: '5s', retry: { attempts: 2, on: ['lost', 'connection'] } },
  config: { type: 'object', properties: { text: { type: 'string' }, secret_headers: { type: 'object' } } },
  result: { type: 'object', properties: {} },
  examples: [{ title: 'nothing', config: {} }],
});

export const TEST_SPECS = { 'test.exec': exec, 'test.get': get, 'test.send': send } as const;
