import { defineStep } from '#jobs/step.ts';
import { COPY_OPTIONS, TRANSFER_RESULT } from '../transports/sftp/options.ts';

/** Brings files of the worker, or content from the config, to an SSH target: each whole or not at all, checked before it takes its place. */
export const sftpUpload = defineStep({
  type: 'sftp.upload',
  title: 'Upload files',
  target: 'ssh',
  effect: 'idempotent',
  queue: 'transfer',
  defaults: { timeout: '1h', retry: { attempts: 5, delay: '2s', backoff: 2, max_delay: '1m', on: ['connection', 'timeout', 'lost'] } },
  config: {
    type: 'object',
    additionalProperties: false,
    required: ['remote_path'],
    oneOf: [{ required: ['local_path'] }, { required: ['content'] }],
    properties: {
      local_path: {
        type: 'string',
        minLength: 1,
        maxLength: 4096,
        title: 'Source',
        description:
          'A file, a directory (with `recursive`) or a glob on the worker that carries out the step, below one of its `worker.file_roots`; relative paths begin at the first. What a glob finds keeps its path from the first directory that the glob does not name outright.',
      },
      content: { type: 'string', maxLength: 524_288, title: 'Content', description: 'What the file is to hold, instead of a source.' },
      content_encoding: {
        enum: ['text', 'base64'],
        default: 'text',
        title: 'Encoding of the content',
        description: '`text` is written as UTF-8, `base64` as the bytes it stands for.',
      },
      remote_path: {
        type: 'string',
        minLength: 1,
        maxLength: 4096,
        title: 'Destination',
        description:
          'The file to write; or the directory to write into, if one is there, the path ends with a slash, or there are several files. With `recursive` it becomes the directory. Relative paths begin at the home of the login.',
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
      title: 'a file from the configuration',
      config: { content: 'PermitRootLogin no\n', remote_path: '/tmp/sshd-drop-in.conf', mode: '0600' },
      expect: { files: 1, bytes: 19 },
    },
    {
      title: 'all packages of a directory',
      config: { local_path: 'packages/*.tar', remote_path: '/tmp/packages/', create_directories: true },
      expect: { files: 2, skipped: 0 },
    },
    {
      title: 'what is outside of the roots is refused',
      config: { local_path: '/etc/passwd', remote_path: '/tmp/' },
      fails: 'policy',
    },
  ],
});
