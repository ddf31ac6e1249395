/** The fields of `config` that all transfers have. Pure data: specs are made of it. */
export const FILE_OPTIONS = {
  create_directories: {
    type: 'boolean',
    default: false,
    title: 'Create directories',
    description: 'Make the directory a file goes to, and those above it, where they are missing.',
  },
  preserve_permissions: {
    type: 'boolean',
    default: false,
    title: 'Keep permissions',
    description: 'Give files the permissions of their source.',
  },
  preserve_times: {
    type: 'boolean',
    default: false,
    title: 'Keep times',
    description: 'Give files the modification time of their source, to the second.',
  },
  mode: {
    type: 'string',
    pattern: '^0?[0-7]{3,4}$',
    'x-expected': 'permissions in octal such as 0644',
    title: 'Permissions',
    description:
      'Permissions of every file brought over, in octal. Without this and `preserve_permissions` a replaced file keeps its own, and a new one gets what its place gives.',
  },
  verify: {
    enum: ['none', 'size', 'sha256'],
    default: 'sha256',
    title: 'Check',
    description:
      'What is compared before a file is put in its place. `sha256` is computed by the host, or read back where it has no command for it.',
  },
} as const;

/** As above, for those that bring over what they are given whatever is there. */
export const COPY_OPTIONS = {
  ...FILE_OPTIONS,
  recursive: {
    type: 'boolean',
    default: false,
    title: 'Whole directories',
    description: 'A directory is brought over with all it holds; links in it are left out.',
  },
  overwrite: {
    type: 'boolean',
    default: true,
    title: 'Replace',
    description: 'Replace a file that is there; without it, that file is skipped.',
  },
  protocol: {
    enum: ['sftp', 'scp'],
    default: 'sftp',
    title: 'Protocol',
    description: '`scp` is for hosts without an SFTP server. It takes up nothing that was cut off and lists no directory.',
  },
} as const;

const count = { type: 'integer', minimum: 0 } as const;

/** What every transfer answers. */
export const TRANSFER_RESULT = {
  files: { ...count, description: 'Files brought over' },
  skipped: { ...count, description: 'Files left alone' },
  bytes: { ...count, description: 'Their bytes, those included that an earlier attempt had brought over' },
  resumed_from: { ...count, description: 'Bytes of them that an earlier attempt had brought over' },
  duration_ms: count,
  transfer_rate_bps: { ...count, description: 'Bits a second' },
  list: {
    type: 'array',
    description: 'The first 20 files',
    items: {
      type: 'object',
      required: ['path', 'size', 'sha256'],
      properties: {
        path: { type: 'string' },
        size: count,
        sha256: { type: ['string', 'null'] },
      },
    },
  },
} as const;

/** What a config says of attributes and checks. */
export interface FileOptions {
  readonly create_directories?: boolean | undefined;
  readonly preserve_permissions?: boolean | undefined;
  readonly preserve_times?: boolean | undefined;
  readonly mode?: string | undefined;
  readonly verify?: 'none' | 'size' | 'sha256' | undefined;
}
