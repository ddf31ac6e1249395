import { DURATION_PATTERN, DURATION_WORDS } from '#jobs/duration.ts';
import { defineStep } from '#jobs/step.ts';

const oneLine = {
  type: 'string',
  minLength: 1,
  maxLength: 4096,
  pattern: '^[^\\x00-\\x1f\\x7f]+$',
  'x-expected': 'one line without tabs or other control characters',
} as const;
const secretName = {
  type: 'string',
  pattern: '^[A-Za-z_][A-Za-z0-9_]{0,99}$',
  'x-expected': 'the name of a secret that the step binds under `secrets`',
} as const;

/** Gives commands, or lines of configuration, to a network device as a person at its command line would, and answers with what it said to each. */
export const deviceCommand = defineStep({
  type: 'device.command',
  title: 'Run commands on a network device',
  target: 'device',
  secrets: 'fields',
  effect: { default: 'idempotent', having: { config_lines: 'at-most-once' } },
  queue: 'remote',
  defaults: { timeout: '10m', retry: { attempts: 2, delay: '2s', on: ['connection'] } },
  config: {
    type: 'object',
    additionalProperties: false,
    oneOf: [{ required: ['commands'] }, { required: ['config_lines'] }],
    properties: {
      commands: {
        type: 'array',
        minItems: 1,
        maxItems: 200,
        items: oneLine,
        title: 'Commands',
        description: 'Given one after the other, each at the prompt that follows the one before; these or `config_lines`.',
      },
      config_lines: {
        type: 'array',
        minItems: 1,
        maxItems: 2000,
        items: {
          anyOf: [
            oneLine,
            {
              type: 'object',
              additionalProperties: false,
              required: ['line', 'secret'],
              properties: { line: oneLine, secret: secretName },
            },
          ],
        },
        title: 'Lines of configuration',
        description:
          'Given in the configuration mode, which is left in any case. A line may be { line, secret }: the secret bound under that name follows the line after a blank.',
      },
      enable: {
        type: 'boolean',
        default: false,
        title: 'Enable',
        description: "Enter the privileged mode first; a secret it asks for is the credential's `enable_secret`.",
      },
      commit: {
        type: 'boolean',
        title: 'Commit',
        description:
          'On platforms that gather lines in a candidate: commit it (when absent), or let the device check the lines and then discard them (false).',
      },
      save: {
        type: 'boolean',
        default: false,
        title: 'Save',
        description: 'Afterwards make the configuration survive a restart, as the platform does it.',
      },
      expect: {
        type: 'array',
        maxItems: 50,
        title: 'Expected questions',
        description: 'Answers to what a command may ask. A question without an answer here fails its command.',
        items: {
          type: 'object',
          additionalProperties: false,
          oneOf: [{ required: ['question'] }, { required: ['pattern'] }],
          properties: {
            question: { type: 'string', minLength: 1, maxLength: 400, description: 'Text that the last line holds; this or `pattern`.' },
            pattern: { type: 'string', minLength: 1, maxLength: 400, format: 'regex', description: 'RE2 pattern for the last line.' },
            answer: {
              type: 'string',
              maxLength: 1024,
              pattern: '^[^\\x00-\\x1f\\x7f]*$',
              default: '',
              description: 'Typed before Return; Return alone when empty.',
            },
            secret: { ...secretName, description: 'A bound secret as the answer.' },
            closes: { type: 'boolean', default: false, description: 'The device ends the session after this answer, as a restart does.' },
          },
        },
      },
      parse: {
        anyOf: [{ type: 'boolean' }, { type: 'string', minLength: 1, maxLength: 65_536 }],
        title: 'Parse',
        description:
          'Turn the output of each command into rows: true finds the TextFSM template for platform and command, a text is the name of one, or one.',
      },
      stop_on_error: {
        type: 'boolean',
        default: true,
        title: 'Stop on error',
        description: 'A command that the device refuses fails the step; false goes on, and the exit code of each command tells.',
      },
      timeout: {
        type: 'string',
        pattern: DURATION_PATTERN,
        'x-expected': DURATION_WORDS,
        default: '30s',
        title: 'Time for a command',
        description: 'Longest wait for the prompt after each command.',
      },
    },
  },
  result: {
    type: 'object',
    additionalProperties: false,
    required: ['exit_code', 'committed', 'saved', 'commands'],
    properties: {
      exit_code: { type: 'integer', description: '0, or 1 when a command was refused and the step went on' },
      committed: { type: 'boolean', description: 'Whether a candidate configuration was committed' },
      saved: { type: 'boolean' },
      commands: {
        type: 'array',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['command', 'output', 'error', 'exit_code', 'duration_ms', 'parsed'],
          properties: {
            command: { type: 'string' },
            output: { type: 'string', description: 'The end of the output, 64 KiB of all commands together; log and rows hold more' },
            error: { type: 'string', description: 'What the device said against it; empty when it was taken' },
            exit_code: { type: 'integer', description: '0, or 1 when the device refused' },
            duration_ms: { type: 'integer' },
            parsed: { description: 'Rows by field, or null' },
          },
        },
      },
    },
  },
  examples: [
    { title: 'a look at the device', config: { commands: ['show version'] }, expect: { exit_code: 0 } },
    {
      title: 'the running configuration, which only the privileged mode shows',
      config: { enable: true, commands: ['show running-config'] },
      expect: { exit_code: 0 },
    },
    {
      title: 'a change that survives a restart',
      config: { config_lines: ['router bgp 65001', 'neighbor 10.1.0.1 description core'], save: true },
      expect: { exit_code: 0, saved: true },
    },
    { title: 'a command that the device does not know fails the step', config: { commands: ['show nonsense'] }, fails: 'exit_code' },
  ],
});
