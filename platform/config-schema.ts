import { z } from 'zod';
import { LIMITS } from '#jobs/limits.ts';
import { CAPABILITIES } from '#jobs/step.ts';
import { LOG_CLASSES, sizeOf } from './log-files/classes.ts';

const section = <S extends z.ZodRawShape>(description: string, shape: S) => z.strictObject(shape).meta({ description });
const port = z.int().min(0).max(65_535);
const count = z.int().min(1);
const path = z
  .string()
  .regex(/^\/[A-Za-z0-9/_.-]*$/)
  .meta({ expects: 'a path such as /ui' });
const httpUrl = z.url({ protocol: /^https?$/ }).meta({ expects: 'a URL such as https://capstan.example.org' });
const postgresUrl = z
  .url({ protocol: /^postgres(ql)?$/ })
  .meta({ expects: 'a URL such as postgres://user:password@host:5432/capstan', secret: true });

const api = section('Where the API and the page listen.', {
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on; `0.0.0.0` for every interface.'),
  port: port.default(8420).describe('Port to listen on. `npm start` takes the next free one when this is not set and taken.'),
  public_url: httpUrl.optional().describe('Address users reach the page at, for links; unset: host and port.'),
  cors_origins: z.array(z.string().min(1)).default([]).describe('Origins other than the page itself that browsers may call the API from.'),
  body_limit_bytes: count.default(1_048_576).describe('Largest request body accepted.'),
});

const board = section('The page.', {
  enabled: z.boolean().default(true).describe('Serve the page beside the API.'),
  ui_path: path.default('/').describe('Path the page is served under.'),
  api_prefix: path.default('/api/v1').describe('Path the API is served under.'),
  auth_enabled: z
    .boolean()
    .default(true)
    .describe('Ask for a login. `false` makes every caller an administrator and is refused on any address but loopback.'),
});

const worker = section('What one worker process takes on.', {
  concurrency: count
    .max(10_000)
    .default(50)
    .describe('Steps one worker process runs at the same time from each queue that has no time zone.'),
  zone_slots: count
    .max(10_000)
    .default(50)
    .describe('Steps one worker process runs at the same time from all queues of time zones together.'),
  timeout_seconds: count.default(86_400).describe('Longest that one execution of a step may take on this worker, whatever its job says.'),
  capabilities: z
    .array(z.enum(CAPABILITIES))
    .min(1)
    .default([...CAPABILITIES])
    .describe('Queues this worker serves.'),
  local_exec: z.boolean().default(false).describe('Allow `local.exec`, which runs commands on the worker itself. `npm start` allows it.'),
  http_allow: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Private or loopback destinations that `http.request` may call: `host`, `host:port`, an address or a CIDR range. Link-local and metadata addresses stay refused.',
    ),
  file_roots: z
    .array(z.string().min(1))
    .min(1)
    .default(['.capstan/files'])
    .describe(
      'Directories of this worker that transfers may read and write, links followed before that is judged; relative paths in a step begin at the first. One that is missing is made.',
    ),
});

const ssh = section('Connections to hosts.', {
  max_connections: count.default(200).describe('Open SSH connections of one worker process.'),
  max_connects_per_host: count.default(8).describe('Unauthenticated connects to one host at a time (sshd resets the 11th).'),
  max_sessions_per_connection: count.default(8).describe('Commands sharing one connection (sshd refuses the 11th session).'),
  connect_timeout_seconds: count.default(15).describe('Longest wait for connection, key exchange and login together.'),
  idle_seconds: z.int().min(0).default(60).describe('How long an unused connection is kept.'),
});

const targets = section('The inventory.', {
  check_minutes: z
    .int()
    .min(0)
    .max(1_440)
    .default(15)
    .describe('How often every target is looked at: connection, host key, login, shell, files, space, clock; `0` never.'),
});

const age = (standard: string, what: string) =>
  z
    .string()
    .regex(/^[1-9][0-9]{0,4}[dwy]$/)
    .meta({ expects: 'an age such as 30d, 8w or 7y' })
    .default(standard)
    .describe(`How long files of ${what} are kept.`);
const bytes = z
  .string()
  .regex(/^[1-9][0-9]{0,8}[BKMGT]$/)
  .meta({ expects: 'a size such as 20M' });
const limit = (standard: string, what: string) =>
  bytes.default(standard).describe(`Size of all files of ${what} together; beyond it the oldest go first.`);

const logging = section('What the processes say about themselves, and the files that events go to (docs/log-files.md).', {
  level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info').describe('Least severe entry written.'),
  format: z.enum(['json', 'pretty']).default('json').describe('`json`: one object a line; `pretty`: for people.'),
  console: z.boolean().default(true).describe('Write to standard error.'),
  dir: z
    .string()
    .regex(/[^/.]/)
    .meta({ expects: 'a folder of its own, such as /var/log/capstan' })
    .optional()
    .describe(
      'Folder for log files: by time zone, by run, of performance, audit and processes. All processes name the same one. Unset: no files.',
    ),
  rotate_size: bytes.default('20M').describe('Size at which a log file is closed and another begun.'),
  keep_timezones: age('90d', 'time zones'),
  limit_timezones: limit('5G', 'time zones'),
  keep_runs: age('90d', 'runs'),
  limit_runs: limit('20G', 'runs'),
  keep_performance: age('30d', 'performance'),
  limit_performance: limit('2G', 'performance'),
  keep_audit: age(`${LIMITS.auditYears}y`, 'the audit'),
  limit_audit: bytes.optional().describe('Size of all files of the audit together; unset: no limit, they go by age alone.'),
  keep_system: age('30d', 'the processes themselves'),
  limit_system: limit('2G', 'the processes themselves'),
});

const database = section('PostgreSQL 18 or newer.', {
  url: postgresUrl.default('postgres://127.0.0.1:5432/capstan').describe('The database. Unset, `npm start` brings its own.'),
  read_url: postgresUrl.optional().describe('A replica that lists and statistics are read from.'),
  max_connections: count.default(10).describe('Connections of one process.'),
});

const temporal = section('The Temporal cluster.', {
  address: z
    .string()
    .regex(/^(\[[0-9a-fA-F:]+\]|[^:\s/]+):[0-9]{1,5}$/)
    .meta({ expects: 'host:port' })
    .default('127.0.0.1:7233')
    .describe('`host:port` of its frontend. Unset, `npm start` brings its own.'),
  namespace: z.string().min(2).default('default').describe('Namespace the runs live in.'),
  ui_url: httpUrl.optional().describe('Address of the Temporal UI, linked from every run.'),
});

const key = section('The keys that wrap the data keys of credentials.', {
  value: z.string().min(32).optional().meta({
    description:
      'The key itself, base64 of 32 bytes, as a secret store hands it over; or several as `id:key,id:key`, of which the first wraps what is new (`capstan keys rotate --help` says how to change it).',
    secret: true,
  }),
  file: z
    .string()
    .min(1)
    .default('.capstan/key')
    .describe('File holding the key; made with mode 0600 when it does not exist. Ignored when the key is given by value.'),
});

/** Every setting there is, with its default and its documentation; `capstan.toml` and the environment are checked against it. */
export const configSchema = z
  .strictObject({
    api: api.prefault({}),
    board: board.prefault({}),
    worker: worker.prefault({}),
    ssh: ssh.prefault({}),
    targets: targets.prefault({}),
    logging: logging.prefault({}),
    database: database.prefault({}),
    temporal: temporal.prefault({}),
    key: key.prefault({}),
    bootstrap_token: z.string().min(32).optional().meta({
      description:
        'Becomes an administrator’s access token at the first start on an empty database, so that scripts can use a new installation.',
      secret: true,
    }),
  })
  .refine((config) => config.board.auth_enabled || isLoopback(config.api.host), {
    path: ['board', 'auth_enabled'],
    message: 'false only while api.host is a loopback address',
  })
  .superRefine(({ logging: settings }, { addIssue }) => {
    for (const name of LOG_CLASSES) {
      const size = settings[`limit_${name}`];
      if (size === undefined || sizeOf(size) >= sizeOf(settings.rotate_size)) continue;
      addIssue({
        code: 'custom',
        path: ['logging', `limit_${name}`],
        message: `at least logging.rotate_size, ${settings.rotate_size}: a file is removed whole`,
      });
    }
  });

/** All settings of a process, complete with defaults. */
export type Config = z.output<typeof configSchema>;

const isLoopback = (host: string) => host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
