import { defineStep } from '#jobs/step.ts';

/** Runs one program on the worker's own machine and answers with its exit code, the tail of its output and what it reported. */
export const localExec = defineStep({
  type: 'local.exec',
  title: 'Run a program on the worker',
  secrets: 'environment',
  effect: 'at-least-once',
  queue: 'local',
  defaults: { timeout: '10m', retry: { attempts: 3, delay: '1s', backoff: 2, on: ['lost'] } },
  config: {
    type: 'object',
    additionalProperties: false,
    oneOf: [{ required: ['command'] }, { required: ['argv'] }],
    properties: {
      command: {
        type: 'string',
        minLength: 1,
        maxLength: 65_536,
        'x-code': 'sh',
        title: 'Command',
        description: 'Run by /bin/sh; this or `argv`. Bind values through `environment`, never into this text.',
      },
      argv: {
        type: 'array',
        minItems: 1,
        maxItems: 1000,
        items: { type: 'string', maxLength: 102_400 },
        title: 'Program and arguments',
        description: 'Started without a shell, so that its values may be expressions; this or `command`.',
      },
      working_directory: {
        type: 'string',
        minLength: 1,
        maxLength: 4096,
        title: 'Working directory',
        description: 'Where the program starts; a fresh temporary directory, removed afterwards, when absent.',
      },
      environment: {
        type: 'object',
        additionalProperties: { type: 'string', maxLength: 102_400 },
        maxProperties: 200,
        title: 'Environment',
        description: 'Variables of the program, beside PATH, HOME, LANG and TZ of the worker.',
      },
      stdin: {
        type: 'string',
        maxLength: 524_288,
        title: 'Standard input',
        description: 'Text the program reads from its standard input.',
      },
    },
  },
  result: {
    type: 'object',
    additionalProperties: false,
    required: ['exit_code', 'stdout', 'stderr', 'result_data'],
    properties: {
      exit_code: { type: 'integer', description: 'Always 0: any other code fails the step' },
      stdout: { type: 'string', description: 'The last 4 KiB of standard output' },
      stderr: { type: 'string', description: 'The last 4 KiB of standard error' },
      result_data: { description: 'The last {"result_data": …} line the program wrote to the file named by $CAPSTAN_EVENTS, else null' },
    },
  },
  examples: [
    { title: 'a shell command', config: { command: 'echo hello' }, expect: { exit_code: 0, stdout: 'hello\n', result_data: null } },
    {
      title: 'a program with arguments, no shell between',
      config: { argv: ['printf', '%s', '$HOME; rm -rf /'] },
      expect: { stdout: '$HOME; rm -rf /' },
    },
    { title: 'text on standard input', config: { command: 'tr a-z A-Z', stdin: 'loud' }, expect: { stdout: 'LOUD' } },
    {
      title: 'progress and a result, one JSON object a line',
      config: {
        command: 'echo \'{"progress": 50, "message": "half way"}\' >&3; echo \'{"result_data": {"files": 12}}\' >&3',
      },
      expect: { exit_code: 0, result_data: { files: 12 } },
    },
    { title: 'a failing command fails the step', config: { command: 'echo broken >&2; exit 3' }, fails: 'exit_code' },
  ],
});
