import { defineStep } from '#jobs/step.ts';

/** Runs one command on an SSH target and answers with its exit code and the tail of its output. */
export const sshExec = defineStep({
  type: 'ssh.exec',
  title: 'Run a command over SSH',
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
      command: {
        type: 'string',
        minLength: 1,
        maxLength: 65_536,
        'x-code': 'sh',
        title: 'Command',
        description:
          'Run by /bin/sh on the target; a code other than 0 fails the step. Bind values through `environment`, never into this text.',
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
        additionalProperties: { type: 'string', maxLength: 102_400 },
        maxProperties: 200,
        title: 'Environment',
        description: 'Variables of the command; values may be expressions.',
      },
    },
  },
  result: {
    type: 'object',
    additionalProperties: false,
    required: ['exit_code', 'stdout', 'stderr'],
    properties: {
      exit_code: { type: 'integer', description: 'Always 0: any other code fails the step' },
      stdout: { type: 'string', description: 'The last 4 KiB of standard output' },
      stderr: { type: 'string', description: 'The last 4 KiB of standard error' },
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
  ],
});
