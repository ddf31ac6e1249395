import { defineStep } from '#jobs/step.ts';
import { COPY_OPTIONS, TRANSFER_RESULT } from '../transports/sftp/options.ts';

/** Brings files from one SSH target to another through the worker, none of whose disk it uses; the hosts need not reach each other. */
export const sshCopy = defineStep({
  type: 'ssh.copy',
  title: 'Copy files between hosts',
  target: 'ssh',
  also_targets: ['from_target'],
  effect: 'idempotent',
  queue: 'transfer',
  defaults: { timeout: '1h', retry: { attempts: 5, delay: '2s', backoff: 2, max_delay: '1m', on: ['connection', 'timeout', 'lost'] } },
  config: {
    type: 'object',
    additionalProperties: false,
    required: ['from_path', 'to_path'],
    properties: {
      from_target: {
        type: 'string',
        minLength: 1,
        maxLength: 200,
        title: 'From target',
        description: 'The host that has the files; the target of the step when absent.',
      },
      from_path: {
        type: 'string',
        minLength: 1,
        maxLength: 4096,
        title: 'Source',
        description: 'A file there, or a directory (with `recursive`). Relative paths begin at the home of the login.',
      },
      to_path: {
        type: 'string',
        minLength: 1,
        maxLength: 4096,
        title: 'Destination',
        description:
          'The file to write on the target of the step; or the directory to write into, if one is there or the path ends with a slash. With `recursive` it becomes the directory.',
      },
      ...COPY_OPTIONS,
    },
  },
  result: {
    type: 'object',
    additionalProperties: false,
    required: ['files', 'skipped', 'bytes', 'resumed_from', 'duration_ms', 'transfer_rate_bps', 'list'],
    properties: TRANSFER_RESULT,
  },
  examples: [
    {
      title: 'a file on the same host',
      config: { from_path: '/etc/hostname', to_path: '/tmp/capstan-copy/hostname', create_directories: true },
      expect: { files: 1 },
    },
    { title: 'a file that is not there', config: { from_path: '/no/such/file', to_path: '/tmp/' }, fails: 'invalid_input' },
  ],
});
