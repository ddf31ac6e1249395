import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort } from './free-port.ts';
import { type Supervised, supervise, withFacts } from './supervise.ts';

export interface SshdOptions {
  /** Folder of its own; keys are made there at the first start. */
  readonly dir: string;
  readonly port?: number | undefined;
  /** Folder for `sshd.log`; `dir` when not given. */
  readonly logDir?: string;
  /** More lines of sshd_config. */
  readonly settings?: readonly string[];
  readonly onCrash?: (how: string) => void;
}

/** A private SSH server on loopback that lets the current user in with a generated key, and nobody else. */
export interface LocalSshd extends Supervised {
  readonly port: number;
  readonly user: string;
  /** The private key that is let in, as OpenSSH writes it. */
  readonly userKey: string;
  /** The server's own key: `ssh-ed25519 AAAA…`. */
  readonly hostKey: string;
}

/** Where `sshd` is installed on this machine; null where it is not. */
export function findSshd(): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/sbin'];
  return folders.map((folder) => join(folder, 'sshd')).find((path) => path.startsWith('/') && existsSync(path)) ?? null;
}

/** Starts the private SSH server and keeps it running until it is stopped. Throws when no sshd is installed. */
export async function startSshd(options: SshdOptions): Promise<LocalSshd> {
  const program = findSshd();
  if (program === null) throw new Error('sshd is not installed (Debian: apt-get install openssh-server)');
  const user = userInfo().username;
  const { dir } = options;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const hostKey = makeKey(join(dir, 'host_key'));
  const userKey = makeKey(join(dir, 'user_key'));
  writeFileSync(join(dir, 'authorized_keys'), userKey.public, { mode: 0o600 });
  // Where sshd separates privileges it wants this folder; distributions make it when their own service starts.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });

  const port = await freePort(options.port);
  const config = join(dir, 'sshd_config');
  writeFileSync(config, [...settings(dir, port, user), ...(options.settings ?? []), ''].join('\n'));
  const server = await supervise({
    name: 'sshd',
    command: program,
    args: ['-D', '-e', '-f', config],
    kind: 'foreign',
    logDir: options.logDir ?? dir,
    ready: () => greets(port),
    readyWithinMs: 15_000,
    stopSignal: 'SIGTERM',
    stopWithinMs: 2_000,
    ...(options.onCrash && { onCrash: options.onCrash }),
  });
  return withFacts(server, {
    port,
    user,
    userKey: userKey.private,
    hostKey: hostKey.public.split(' ').slice(0, 2).join(' '),
  });
}

const settings = (dir: string, port: number, user: string) => [
  `Port ${port}`,
  'ListenAddress 127.0.0.1',
  `HostKey ${join(dir, 'host_key')}`,
  `AuthorizedKeysFile ${join(dir, 'authorized_keys')}`,
  `AllowUsers ${user}`,
  'PasswordAuthentication no',
  'KbdInteractiveAuthentication no',
  'PermitRootLogin prohibit-password',
  'UsePAM no',
  // The folder may stand below one that others can write to, as /tmp does.
  'StrictModes no',
  'PidFile none',
  'Subsystem sftp internal-sftp',
];

function makeKey(file: string): { private: string; public: string } {
  if (!existsSync(file)) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'capstan', '-f', file]);
    chmodSync(file, 0o600);
  }
  return { private: readFileSync(file, 'utf8'), public: readFileSync(`${file}.pub`, 'utf8').trim() };
}

function greets(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.setTimeout(1_000, () => socket.destroy(new Error('no greeting')));
    socket.once('data', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
