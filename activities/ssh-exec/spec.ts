import { defineStep } from '#jobs/step.ts';

/** Runs a command, several, or a script on an SSH target, detached from the connection, and answers with exit codes and the tail of the output. */
export const sshExec = defineStep({
  type: 'ssh.exec',
  title: 'Run a command over SSH',
  target: 'ssh',
  secrets: 'environment',
  effect: { default: 'at-most-once', named_by: 'effect' },
  reattaches: true,
  queue: 'remote',
  defaults: { timeout: '10m', retry: { attempts: 1 } },
  config: {
    type: 'object',
    additionalProperties: false,
    oneOf: [{ required: ['command'] }, { required: ['commands'] }, { required: ['script'] }],
    properties: {
      command: {
        type: 'string',
        minLength: 1,
        maxLength: 65_536,
        'x-code': 'sh',
        title: 'Command',
        description:
          'Run by /bin/sh on the target; a code other than 0 fails the step. Bind values through `environment`, never into this text.',
      },
      commands: {
        type: 'array',
        minItems: 1,
        maxItems: 200,
        items: { type: 'string', minLength: 1, maxLength: 65_536, 'x-code': 'sh' },
        title: 'Commands',
        description: 'Run one after the other, each in a shell of its own, with a code and a time of its own.',
      },
      script: {
        type: 'string',
        minLength: 1,
        maxLength: 1_048_576,
        'x-code': 'sh',
        title: 'Script',
        description:
          'Several lines for one shell; a first line `#!/usr/bin/python3` names its interpreter. It is never written to the target’s disk.',
      },
      interpreter: {
        type: 'string',
        minLength: 1,
        maxLength: 1000,
        title: 'Interpreter',
        description: 'Program that reads the text as a file, with arguments parted by blanks: `bash -eu`, `python3`. /bin/sh when absent.',
      },
      working_directory: {
        type: 'string',
        minLength: 1,
        maxLength: 4096,
        title: 'Working directory',
        description: 'Where the command starts; the home directory of the user when absent.',
      },
      environment: {
        type: 'object',
        additionalProperties: { type: 'string', maxLength: 1_048_576 },
        maxProperties: 200,
        title: 'Environment',
        description: 'Variables of the command, each at most 100 KiB; values may be expressions.',
      },
      stdin: {
        type: 'string',
        maxLength: 1_048_576,
        title: 'Standard input',
        description: 'Given to the command, or to each of `commands`; empty when absent. The way for values over 100 KiB.',
      },
      login_shell: {
        type: 'boolean',
        title: 'Login shell',
        description: 'Run by the user’s own login shell, which reads its profile first, instead of /bin/sh.',
      },
      become: {
        type: 'object',
        additionalProperties: false,
        title: 'Become another user',
        description: 'Run as another user whom the login may become without a password.',
        properties: {
          user: {
            type: 'string',
            pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}$',
            'x-expected': 'the name of a user',
            description: 'root when absent.',
          },
          method: { enum: ['sudo', 'su', 'doas'], description: '`sudo` when absent.' },
        },
      },
      success_codes: {
        type: 'array',
        minItems: 1,
        maxItems: 256,
        items: { type: 'integer', minimum: 0, maximum: 255 },
        title: 'Codes of success',
        description: 'Exit codes that are no failure; 0 alone when absent.',
      },
      stop_on_error: {
        type: 'boolean',
        title: 'Stop at the first error',
        description: 'Of several `commands`, run none after one that failed; true when absent.',
      },
      max_output: {
        type: 'integer',
        minimum: 1024,
        maximum: 1_099_511_627_776,
        title: 'Most output',
        description: 'Bytes of output over which the command is ended; 1 GiB when absent.',
      },
      effect: {
        enum: ['idempotent', 'at-least-once', 'at-most-once'],
        title: 'Effect',
        description: 'What running it again may do; `at-most-once` when absent: an uncertain end is shown as lost and never repeated.',
      },
    },
  },
  result: {
    type: 'object',
    additionalProperties: false,
    required: ['exit_code', 'stdout', 'stderr', 'detached', 'commands'],
    properties: {
      exit_code: { type: 'integer', description: 'One of the codes of success: any other fails the step' },
      stdout: { type: 'string', description: 'The last 4 KiB of standard output' },
      stderr: { type: 'string', description: 'The last 4 KiB of standard error' },
      detached: {
        type: 'string',
        description:
          'What parted the command from its connection: setsid, perl, python3; group: only its process group; none: nothing, a cut connection would have lost it',
      },
      ends_at_logout: {
        type: 'boolean',
        description: 'The target ends what a user leaves running at logout, so a cut connection could have ended it',
      },
      commands: {
        type: 'array',
        description: 'One for each command that ran',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['number', 'exit_code', 'duration_ms'],
          properties: {
            number: { type: 'integer' },
            exit_code: { type: ['integer', 'null'] },
            duration_ms: { type: ['integer', 'null'] },
          },
        },
      },
    },
  },
  examples: [
    { title: 'free space', config: { command: 'df -h /' }, expect: { exit_code: 0 } },
    {
      title: 'values travel as variables, not as text',
      config: { command: 'printf %s "$GREETING"', environment: { GREETING: 'it\'s "fine" $HOME' } },
      expect: { exit_code: 0, stdout: 'it\'s "fine" $HOME' },
    },
    { title: 'in a directory', config: { command: 'pwd', working_directory: '/tmp' }, expect: { stdout: '/tmp\n' } },
    { title: 'a failing command fails the step', config: { command: 'exit 3' }, fails: 'exit_code' },
    {
      title: 'a code that is no failure',
      config: { command: 'grep -q capstan /dev/null', success_codes: [0, 1] },
      expect: { exit_code: 1 },
    },
    { title: 'several commands, one after the other', config: { commands: ['echo one', 'echo two'] }, expect: { stdout: 'one\ntwo\n' } },
    {
      title: 'a script with input',
      config: { script: 'read -r name\necho "hello $name"', stdin: 'Ann\n' },
      expect: { stdout: 'hello Ann\n' },
    },
    {
      title: 'a script for another interpreter',
      config: { script: '#!/usr/bin/awk -f\nBEGIN { print 6 * 7 }' },
      expect: { stdout: '42\n' },
    },
  ],
});
