import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

const SSHD = '/usr/sbin/sshd';
const PLAIN_USER = 'capstan-peer';

/** Why no private sshd can run here, or null when one can; what a skipped test shows. */
export const sshdMissing: string | null = existsSync(SSHD) ? null : 'no sshd on this machine (Debian: openssh-server)';

export interface SshdOptions {
  /** Lines of sshd_config, before the defaults: `MaxSessions 2`. */
  readonly config?: readonly string[];
}

/** A real OpenSSH server on a loopback port of its own, with generated keys, for one login. */
export interface Sshd {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly user: string;
  /** OpenSSH private key that logs in. */
  readonly privateKey: string;
  /** null when the server runs as a plain user, who cannot check passwords. */
  readonly password: string | null;
  readonly hostKeys: readonly { readonly type: string; readonly fingerprint: string; readonly key: string }[];
  /** A directory that the login may write to, removed at the end. */
  readonly directory: string;
  /** What the server logged so far. */
  log(): string;
  /** Ends every connection and the server, then starts it again on the same port with new host keys. */
  changeHostKeys(): Promise<void>;
  /** Ends the server's connections, not the server. */
  dropConnections(): void;
  stop(): Promise<void>;
}

/** Starts an sshd; as root it serves a plain user made for this, else the user who runs the tests. */
export async function startSshd({ config = [] }: SshdOptions = {}): Promise<Sshd> {
  const asRoot = process.getuid?.() === 0;
  const login = asRoot ? plainUser() : { name: userInfo().username, uid: userInfo().uid, gid: userInfo().gid, password: null };
  const directory = mkdtempSync(join(tmpdir(), 'capstan-sshd-'));
  chmodSync(directory, 0o711);
  const home = join(directory, 'home');
  mkdirSync(home);
  chownSync(home, login.uid, login.gid);
  if (asRoot) mkdirSync('/run/sshd', { recursive: true });

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
  let server = await launch(file, port, (text) => {
    log += text;
  });
  const relaunch = async () => {
    server = await launch(file, port, (text) => {
      log += text;
    });
  };
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
      await relaunch();
    },
    async stop() {
      endConnections(server);
      await ended(server);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const KEY_TYPES = ['ed25519', 'ecdsa', 'rsa'] as const;

function generateHostKeys(directory: string): void {
  for (const type of KEY_TYPES) generateKey(join(directory, `host_${type}`), type);
}

function generateKey(path: string, type: (typeof KEY_TYPES)[number]): void {
  rmSync(path, { force: true });
  rmSync(`${path}.pub`, { force: true });
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', '', '-f', path]);
}

function readPublicKey(path: string) {
  const [type = '', key = ''] = readFileSync(path, 'utf8').trim().split(' ');
  const fingerprint = execFileSync('ssh-keygen', ['-l', '-f', path], { encoding: 'utf8' }).split(' ')[1] ?? '';
  return { type, fingerprint, key };
}

/** The plain user that tests log in as: made once per machine, its password known to root only. */
function plainUser(): { name: string; uid: number; gid: number; password: string } {
  const secret = `/var/lib/${PLAIN_USER}`;
  for (let tries = 0; !existsSync(secret) && tries < 50; tries += 1) {
    try {
      execFileSync('useradd', ['--create-home', '--shell', '/bin/sh', PLAIN_USER], { stdio: 'ignore' });
      const password = randomBytes(18).toString('base64url');
      execFileSync('chpasswd', { input: `${PLAIN_USER}:${password}\n` });
      writeFileSync(secret, password, { mode: 0o600 });
    } catch {
      // Another test file is making the same user; its secret appears in a moment.
      execFileSync('sleep', ['0.2']);
    }
  }
  const [, , uid, gid] = execFileSync('getent', ['passwd', PLAIN_USER], { encoding: 'utf8' }).split(':');
  return { name: PLAIN_USER, uid: Number(uid), gid: Number(gid), password: readFileSync(secret, 'utf8') };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

function launch(config: string, port: number, onLog: (text: string) => void): Promise<ChildProcess> {
  const server = spawn(SSHD, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  return new Promise((resolve, reject) => {
    let said = '';
    server.stderr.on('data', (bytes: Buffer) => {
      onLog(bytes.toString());
      said += said.length < 10_000 ? bytes.toString() : '';
      if (said.includes(`Server listening on 127.0.0.1 port ${port}`)) resolve(server);
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`sshd ended with ${code}: ${said}`)));
  });
}

/** Kills the processes that serve a connection, the unprivileged ones too; commands that left them run on. */
function endConnections(server: ChildProcess): void {
  if (server.pid === undefined) return;
  for (const monitor of childrenOf(server.pid)) {
    for (const pid of [...childrenOf(monitor).filter(isSshd), monitor]) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Gone by itself.
      }
    }
  }
}

const childrenOf = (pid: number): readonly number[] => {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
};

const isSshd = (pid: number): boolean => {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'sshd';
  } catch {
    return false;
  }
};

function ended(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null || server.signalCode !== null) return resolve();
    server.once('exit', () => resolve());
    server.kill('SIGTERM');
  });
}
