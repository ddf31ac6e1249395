import { defineStep } from '#jobs/step.ts';
import { FILE_OPTIONS } from '../transports/sftp/options.ts';

const count = { type: 'integer', minimum: 0 } as const;
const globs = { type: 'array', maxItems: 100, items: { type: 'string', minLength: 1, maxLength: 4096 } } as const;
const { create_directories, preserve_permissions, mode, verify } = FILE_OPTIONS;

/** Makes a directory of an SSH target like one of the worker, or the other way round. */
export const sftpSync = defineStep({
  type: 'sftp.sync',
  title: 'Keep directories alike',
  target: 'ssh',
  effect: 'idempotent',
  queue: 'transfer',
  defaults: { timeout: '1h', retry: { attempts: 5, delay: '2s', backoff: 2, max_delay: '1m', on: ['connection', 'timeout', 'lost'] } },
  config: {
    type: 'object',
    additionalProperties: false,
    required: ['direction', 'local_path', 'remote_path'],
    properties: {
      direction: {
        enum: ['up', 'down'],
        title: 'Direction',
        description: '`up` makes the host like the worker, `down` the worker like the host.',
      },
      local_path: {
        type: 'string',
        minLength: 1,
        maxLength: 4096,
        title: 'Directory of the worker',
        description: 'Below one of the `worker.file_roots` of the worker that carries out the step; relative paths begin at the first.',
      },
      remote_path: {
        type: 'string',
        minLength: 1,
        maxLength: 4096,
        title: 'Directory of the host',
        description: 'Relative paths begin at the home of the login.',
      },
      compare: {
        enum: ['size_and_mtime', 'checksum'],
        default: 'size_and_mtime',
        title: 'Compare by',
        description: 'When a file counts as changed: by size and modification time to the second, or by what it holds.',
      },
      include: {
        ...globs,
        title: 'Include',
        description:
          'Globs such as `*.conf` or `etc/**`; only files that one of them matches are compared. One without a slash is about names in every directory.',
      },
      exclude: { ...globs, title: 'Exclude', description: 'Globs of files and directories that are neither brought over nor deleted.' },
      delete: {
        enum: ['none', 'after'],
        default: 'none',
        title: 'Delete',
        description: '`after` deletes what the other side does not have, once everything else has succeeded.',
      },
      max_delete: {
        ...count,
        default: 100,
        title: 'Most deletions',
        description: 'A plan that deletes more is refused as `policy`, and nothing is changed.',
      },
      symlinks: {
        enum: ['skip', 'keep', 'follow'],
        default: 'skip',
        title: 'Symbolic links',
        description: '`keep` makes the same links, wherever they lead; `follow` brings over what they lead to.',
      },
      dry_run: { type: 'boolean', default: false, title: 'Dry run', description: 'Answer with the plan and change nothing.' },
      create_directories,
      preserve_permissions,
      mode,
      verify,
    },
  },
  result: {
    type: 'object',
    additionalProperties: false,
    required: [
      'dry_run',
      'files',
      'directories',
      'links',
      'attributes',
      'deleted',
      'unchanged',
      'bytes',
      'resumed_from',
      'plan',
      'plan_total',
    ],
    properties: {
      dry_run: { type: 'boolean' },
      files: { ...count, description: 'Files brought over, or that would be' },
      directories: count,
      links: count,
      attributes: { ...count, description: 'Whose times or permissions alone were set' },
      deleted: count,
      unchanged: count,
      bytes: count,
      resumed_from: count,
      duration_ms: count,
      transfer_rate_bps: { ...count, description: 'Bits a second' },
      plan: {
        type: 'array',
        description: 'The first 200 changes; those of a dry run are all in the log',
        items: { type: 'object', required: ['do', 'path'], properties: { do: { type: 'string' }, path: { type: 'string' } } },
      },
      plan_total: count,
    },
  },
  examples: [
    {
      title: 'a directory of the worker, published',
      config: { direction: 'up', local_path: 'site', remote_path: '/tmp/site', delete: 'after', create_directories: true },
      expect: { files: 2, directories: 1, deleted: 0 },
    },
    {
      title: 'what would change',
      config: { direction: 'up', local_path: 'site', remote_path: '/tmp/site', exclude: ['*.tmp'], dry_run: true },
      expect: { dry_run: true, bytes: 0 },
    },
    {
      title: 'a directory that is not there',
      config: { direction: 'down', local_path: 'copy', remote_path: '/no/such/directory' },
      fails: 'invalid_input',
    },
  ],
});
