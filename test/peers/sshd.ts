import type { ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKey, KEY_TYPES, type PeerHostKey, readPublicKey } from './host-keys.ts';
import { launch } from './launch.ts';
import { type LoginShell, loginOf } from './plain-user.ts';
import { childrenOf, ended, freePort, killAll, programOf, withEnvironment } from './processes.ts';

const SSHD = '/usr/sbin/sshd';

/** Why no private sshd can run here, or null when one can; what a skipped test shows. */
export const sshdMissing: string | null = existsSync(SSHD) ? null : 'no sshd on this machine (Debian: openssh-server)';

export interface SshdOptions {
  /** Lines of sshd_config, before the defaults: `MaxSessions 2`. */
  readonly config?: readonly string[];
  /** The shell of the login; see `shellMissing`. */
  readonly shell?: LoginShell;
  /** What `Subsystem sftp` runs, or null for a server without SFTP. */
  readonly sftp?: string | null;
}

/** A real SSH server on a loopback port of its own, with generated keys, for one login. */
export interface SshPeer {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly user: string;
  /** OpenSSH private key that logs in. */
  readonly privateKey: string;
  /** null when the server runs as a plain user, who cannot check passwords. */
  readonly password: string | null;
  readonly hostKeys: readonly PeerHostKey[];
  /** A directory that the login may write to, removed at the end. */
  readonly directory: string;
  /** What the server logged so far. */
  log(): string;
  /** Ends the server, its connections and what logins left running. */
  stop(): Promise<void>;
}

/** An OpenSSH server. */
export interface Sshd extends SshPeer {
  /** Ends every connection and the server, then starts it again on the same port with new host keys. */
  changeHostKeys(): Promise<void>;
  /** Ends the server's connections, not the server. */
  dropConnections(): void;
}

/** Starts an sshd; as root it serves a plain user made for this, else the user who runs the tests. */
export async function startSshd({ config = [], shell = 'sh', sftp = 'internal-sftp' }: SshdOptions = {}): Promise<Sshd> {
  const login = loginOf(shell);
  const directory = mkdtempSync(join(tmpdir(), 'capstan-sshd-'));
  chmodSync(directory, 0o711);
  const home = join(directory, 'home');
  mkdirSync(home);
  chownSync(home, login.uid, login.gid);
  if (login.password !== null) mkdirSync('/run/sshd', { recursive: true });

  generateKey(join(directory, 'user_key'), 'ed25519');
  const authorized = join(directory, 'authorized_keys');
  writeFileSync(authorized, readFileSync(join(directory, 'user_key.pub')), { mode: 0o644 });
  generateHostKeys(directory);

  const port = await freePort();
  const file = join(directory, 'sshd_config');
  writeFileSync(
    file,
    [
      ...config,
      ...(sftp === null ? [] : [`Subsystem sftp ${sftp}`]),
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      ...KEY_TYPES.map((type) => `HostKey ${join(directory, `host_${type}`)}`),
      `AuthorizedKeysFile ${authorized}`,
      `PidFile ${join(directory, 'pid')}`,
      `PasswordAuthentication ${login.password === null ? 'no' : 'yes'}`,
      'KbdInteractiveAuthentication no',
      'UsePAM no',
      'StrictModes no',
      `AllowUsers ${login.name}`,
      'PrintMotd no',
      'LogLevel VERBOSE',
      '',
    ].join('\n'),
  );

  let log = '';
  const start = () =>
    launch(SSHD, ['-D', '-e', '-f', file], `Server listening on 127.0.0.1 port ${port}`, (text) => {
      log += text;
    });
  let server = await start();
  return {
    host: '127.0.0.1',
    port,
    user: login.name,
    privateKey: readFileSync(join(directory, 'user_key'), 'utf8'),
    password: login.password,
    get hostKeys() {
      return KEY_TYPES.map((type) => readPublicKey(join(directory, `host_${type}.pub`)));
    },
    directory: home,
    log: () => log,
    dropConnections: () => endConnections(server),
    async changeHostKeys() {
      endConnections(server);
      await ended(server);
      generateHostKeys(directory);
      server = await start();
    },
    async stop() {
      endConnections(server);
      await ended(server);
      // What a login left running, detached from its connection, still names the server it came through.
      killAll(withEnvironment(` 127.0.0.1 ${port}\0`));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function generateHostKeys(directory: string): void {
  for (const type of KEY_TYPES) generateKey(join(directory, `host_${type}`), type);
}

/** Kills the processes that serve a connection, the unprivileged ones too; commands that left them run on. */
function endConnections(server: ChildProcess): void {
  if (server.pid === undefined) return;
  for (const monitor of childrenOf(server.pid)) killAll([...childrenOf(monitor).filter((pid) => programOf(pid) === 'sshd'), monitor]);
}
