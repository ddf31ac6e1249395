import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKey, KEY_TYPES, readPublicKey } from './host-keys.ts';
import { boundToUs, ready } from './launch.ts';
import { loginOf } from './plain-user.ts';
import { ended, freePort, killAll, withEnvironment } from './processes.ts';
import type { SshPeer } from './sshd.ts';

const PYTHON = '/usr/bin/python3';

/** Why no AsyncSSH server can run here, or null when one can. */
export const asyncsshMissing: string | null = missing();

function missing(): string | null {
  const absent = 'no asyncssh for /usr/bin/python3 (Debian: python3-asyncssh)';
  if (!existsSync(PYTHON)) return absent;
  try {
    execFileSync(PYTHON, ['-c', 'import importlib.util, sys; sys.exit(importlib.util.find_spec("asyncssh") is None)'], { stdio: 'ignore' });
    return null;
  } catch {
    return absent;
  }
}

/** Starts a server on AsyncSSH, whose SSH and SFTP share no code with OpenSSH. */
export async function startAsyncssh(): Promise<SshPeer> {
  const { name: user, uid, gid, password } = loginOf('sh');
  const directory = mkdtempSync(join(tmpdir(), 'capstan-asyncssh-'));
  chmodSync(directory, 0o711);
  const home = join(directory, 'home');
  mkdirSync(home);
  chownSync(home, uid, gid);
  generateKey(join(directory, 'user_key'), 'ed25519');
  for (const type of KEY_TYPES) generateKey(join(directory, `host_${type}`), type);

  const port = await freePort();
  const settings = {
    user,
    uid,
    gid,
    home,
    port,
    password: password ?? 'plain',
    authorized: readFileSync(join(directory, 'user_key.pub'), 'utf8'),
    host_keys: KEY_TYPES.map((type) => readFileSync(join(directory, `host_${type}`), 'utf8')),
  };
  let log = '';
  const server = spawn(...boundToUs(PYTHON, [join(import.meta.dirname, 'asyncssh_server.py')]), { stdio: ['pipe', 'ignore', 'pipe'] });
  server.stdin?.end(`${JSON.stringify(settings)}\n`);
  await ready(server, 'listening\n', (text) => {
    log += text;
  });
  return {
    host: '127.0.0.1',
    port,
    user,
    privateKey: readFileSync(join(directory, 'user_key'), 'utf8'),
    password: password ?? 'plain',
    hostKeys: KEY_TYPES.map((type) => readPublicKey(join(directory, `host_${type}.pub`))),
    directory: home,
    log: () => log,
    async stop() {
      await ended(server);
      killAll(withEnvironment(` 127.0.0.1 ${port}\0`));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
