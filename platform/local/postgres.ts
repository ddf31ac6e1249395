import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { freePort } from './free-port.ts';
import { type PostgresPlace, postgresPlace } from './postgres-place.ts';
import { commandOf } from './process-facts.ts';
import { type Supervised, supervise, withFacts } from './supervise.ts';

export interface PostgresOptions {
  /** Folder of its own; made and initialised at the first start. */
  readonly dir: string;
  /** The port wanted; taken or not given: a free one. */
  readonly port?: number | undefined;
  /** Folder for `postgres.log`; `dir` when not given. */
  readonly logDir?: string;
  /** Server settings beside the usual, e.g. `{ fsync: 'off' }`. */
  readonly settings?: { readonly [name: string]: string };
  readonly onCrash?: (how: string) => void;
}

/** A running PostgreSQL with a database `capstan`. */
export interface LocalPostgres extends Supervised {
  readonly port: number;
  readonly url: string;
  /** The address of another database on the same server. */
  urlOf(database: string): string;
}

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '64MB',
  max_wal_size: '1GB',
  log_timezone: 'UTC',
  timezone: 'UTC',
  // After a crash one call tells the disk what is not on it yet; stock asks for each of some thousand files, which takes seconds.
  ...(process.platform === 'linux' && { recovery_init_sync_method: 'syncfs' }),
};

/** Starts PostgreSQL 18 from its npm package, listening on loopback only, and keeps it running until it is stopped. */
export async function startPostgres(options: PostgresOptions): Promise<LocalPostgres> {
  const place = postgresPlace(options.dir);
  const password = await initialise(place);
  await endLeftover(place);
  const port = await freePort(options.port);
  const urlOf = (database: string) => `postgres://capstan:${password}@127.0.0.1:${port}/${database}`;
  const settings = { ...SETTINGS, ...options.settings, port: String(port) };
  const server = await supervise({
    name: 'postgres',
    command: join(place.bin, 'postgres'),
    args: ['-D', join(place.home, 'data'), ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    env: { LC_ALL: 'C' },
    cwd: place.home,
    ...(place.user && { user: place.user }),
    kind: 'foreign',
    logDir: options.logDir ?? options.dir,
    ready: () => createDatabase(urlOf('postgres')),
    readyWithinMs: 60_000,
    stopSignal: 'SIGINT',
    stopWithinMs: 4_000,
    ...(options.onCrash && { onCrash: options.onCrash }),
  });
  return withFacts(server, {
    port,
    url: urlOf('capstan'),
    urlOf,
  });
}

/** Makes the data folder once; half-made ones are thrown away, so a start that was cut off does no harm. Answers with the password. */
async function initialise({ bin, home, user }: PostgresPlace): Promise<string> {
  const passwordFile = join(home, 'password');
  const data = join(home, 'data');
  if (existsSync(join(data, 'PG_VERSION'))) return readFileSync(passwordFile, 'utf8').trim();

  const password = randomBytes(24).toString('base64url');
  const fresh = join(home, 'data.new');
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) for (const path of [fresh, passwordFile]) chownSync(path, user.uid, user.gid);

  const initdb = spawn(
    join(bin, 'initdb'),
    [
      ...['-D', fresh, '--username=capstan', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
      ...['--encoding=UTF8', '--locale-provider=builtin', '--locale=C.UTF-8', '--lc-messages=C'],
    ],
    { ...user, cwd: home, env: { ...process.env, LC_ALL: 'C' }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let complaint = '';
  initdb.stderr.on('data', (bytes: Buffer) => {
    complaint += bytes.toString();
  });
  const [code] = await once(initdb, 'close');
  if (code !== 0) throw new Error(`PostgreSQL could not be initialised in ${home}: ${complaint.trim()}`);
  renameSync(fresh, data);
  return password;
}

/** After a crash of everything `postmaster.pid` may name a server that is still ending, or a stranger who got the same id meanwhile. */
async function endLeftover({ home }: PostgresPlace): Promise<void> {
  const data = join(home, 'data');
  const pidFile = join(data, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  const isOurs = () => commandOf(pid).includes(data);
  for (let waited = 0; isOurs() && waited < 5_000; waited += 100) {
    if (waited === 2_000) process.kill(pid, 'SIGQUIT');
    await sleep(100);
  }
  if (isOurs()) throw new Error(`another PostgreSQL (process ${pid}) runs on ${data}; end it first`);
  rmSync(pidFile, { force: true });
}

/** Fails while the server does not answer yet. */
async function createDatabase(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => {} });
  try {
    const [found] = await sql`select 1 from pg_database where datname = 'capstan'`;
    if (!found) await sql`create database capstan`;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
