import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';

/** Login shells that peers serve; `sh` is the machine's own. */
export const LOGIN_SHELLS = ['sh', 'dash', 'bash', 'busybox', 'mksh'] as const;
export type LoginShell = (typeof LOGIN_SHELLS)[number];

/** Who logs in on a peer. */
export interface Login {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  /** null when the peer runs as a plain user, who cannot check passwords. */
  readonly password: string | null;
}

const asRoot = process.getuid?.() === 0;
const SHELLS_AT: Readonly<Record<LoginShell, string>> = {
  sh: '/bin/sh',
  dash: '/bin/dash',
  bash: '/bin/bash',
  busybox: '/bin/busybox',
  mksh: '/bin/mksh',
};

/** Why no peer can have this login shell here, or null when one can. */
export function shellMissing(shell: LoginShell): string | null {
  if (shell === 'sh') return null;
  if (!asRoot) return `only root can make users whose login shell is ${shell}`;
  return existsSync(SHELLS_AT[shell]) ? null : `no ${shell} on this machine (Debian: ${shell})`;
}

/** As root the plain user that peers with this login shell serve, made once per machine, its password known to root only; else the user who runs the tests. */
export function loginOf(shell: LoginShell): Login {
  if (!asRoot) {
    const { username: name, uid, gid, homedir: home } = userInfo();
    return { name, uid, gid, home, password: null };
  }
  const name = shell === 'sh' ? 'capstan-peer' : `capstan-${shell}`;
  const secret = `/var/lib/${name}`;
  for (let tries = 0; !existsSync(secret) && tries < 50; tries += 1) {
    try {
      execFileSync('useradd', ['--create-home', '--shell', shell === 'busybox' ? busyboxShell() : SHELLS_AT[shell], name], {
        stdio: 'ignore',
      });
      const password = randomBytes(18).toString('base64url');
      execFileSync('chpasswd', { input: `${name}:${password}\n` });
      writeFileSync(secret, password, { mode: 0o600 });
    } catch {
      // Another test file is making the same user; its secret appears in a moment.
      execFileSync('sleep', ['0.2']);
    }
  }
  const [, , uid, gid, , home = ''] = execFileSync('getent', ['passwd', name], { encoding: 'utf8' }).split(':');
  return { name, uid: Number(uid), gid: Number(gid), home, password: readFileSync(secret, 'utf8') };
}

/** Busybox is what it is called: as a login shell it must be named like one. */
function busyboxShell(): string {
  const folder = '/var/lib/capstan-shells';
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  if (!existsSync(`${folder}/ash`)) symlinkSync(SHELLS_AT.busybox, `${folder}/ash`);
  return `${folder}/ash`;
}
