import { defineStep } from '#jobs/step.ts';
import { COPY_OPTIONS, TRANSFER_RESULT } from '../transports/sftp/options.ts';

/** Brings files of an SSH target to the worker: each whole or not at all, checked before it takes its place. */
export const sftpDownload = defineStep({
  type: 'sftp.download',
  title: 'Download files',
  target: 'ssh',
  effect: 'idempotent',
  queue: 'transfer',
  defaults: { timeout: '1h', retry: { attempts: 5, delay: '2s', backoff: 2, max_delay: '1m', on: ['connection', 'timeout', 'lost'] } },
  config: {
    type: 'object',
    additionalProperties: false,
    required: ['remote_path', 'local_path'],
    properties: {
      remote_path: {
        type: 'string',
        minLength: 1,
        maxLength: 4096,
        title: 'Source',
        description: 'A file of the host, or a directory (with `recursive`). Relative paths begin at the home of the login.',
      },
      local_path: {
        type: 'string',
        minLength: 1,
        maxLength: 4096,
        title: 'Destination',
        description:
          'The file to write on the worker that carries out the step, below one of its `worker.file_roots`; or the directory to write into, if one is there or the path ends with a slash. With `recursive` it becomes the directory. Relative paths begin at the first root.',
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
    { title: 'a file', config: { remote_path: '/etc/hostname', local_path: 'hostname' }, expect: { files: 1 } },
    {
      title: 'into a directory of the day',
      config: { remote_path: '/etc/hostname', local_path: '2026-11-22/', create_directories: true },
      expect: { files: 1, skipped: 0 },
    },
    { title: 'a file that is not there', config: { remote_path: '/no/such/file', local_path: 'file' }, fails: 'invalid_input' },
  ],
});
