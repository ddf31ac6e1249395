import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKey, KEY_TYPES, readPublicKey } from './host-keys.ts';
import { launch } from './launch.ts';
import { type Login, loginOf } from './plain-user.ts';
import { childrenOf, ended, freePort, killAll, programOf, withEnvironment } from './processes.ts';
import type { SshPeer } from './sshd.ts';

const DROPBEAR = '/usr/sbin/dropbear';

/** Why no Dropbear can run here, or null when one can. */
export const dropbearMissing: string | null = missing();

function missing(): string | null {
  if (!existsSync(DROPBEAR)) return 'no dropbear on this machine (Debian: dropbear-bin)';
  return process.getuid?.() === 0 ? null : 'only root can run a dropbear that lets a plain user in';
}

/** Starts a Dropbear server, which shares no code with OpenSSH but its SFTP server. */
export async function startDropbear(): Promise<SshPeer> {
  const login = loginOf('sh');
  const directory = mkdtempSync(join(tmpdir(), 'capstan-dropbear-'));
  chmodSync(directory, 0o711);
  const home = join(directory, 'home');
  mkdirSync(home);
  chownSync(home, login.uid, login.gid);
  const privateKey = peerKey(login);
  const hostKeys = KEY_TYPES.map((type) => {
    const file = join(directory, `host_${type}`);
    execFileSync('dropbearkey', ['-t', type, ...(type === 'rsa' ? ['-s', '2048'] : []), '-f', file], { stdio: 'ignore' });
    const shown = execFileSync('dropbearkey', ['-y', '-f', file], { encoding: 'utf8' });
    writeFileSync(`${file}.pub`, shown.split('\n').find((line) => /^(ssh|ecdsa)-/.test(line)) ?? '');
    return readPublicKey(`${file}.pub`);
  });

  const port = await freePort();
  let log = '';
  const keys = KEY_TYPES.flatMap((type) => ['-r', join(directory, `host_${type}`)]);
  const args = ['-F', '-E', '-p', `127.0.0.1:${port}`, '-P', join(directory, 'pid'), ...keys];
  const server = await launch(DROPBEAR, args, 'Not backgrounding', (text) => {
    log += text;
  });
  await listens(port);
  return {
    host: '127.0.0.1',
    port,
    user: login.name,
    privateKey,
    password: login.password,
    hostKeys,
    directory: home,
    log: () => log,
    async stop() {
      if (server.pid !== undefined) killAll(childrenOf(server.pid).filter((pid) => programOf(pid) === 'dropbear'));
      await ended(server);
      killAll(withEnvironment(` 127.0.0.1 ${port}\0`));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Dropbear reads the keys of a user from the home directory only, which all tests of the machine share: one key serves them all. */
function peerKey(login: Login): string {
  const file = `/var/lib/${login.name}.key`;
  if (!existsSync(file)) {
    const made = `${file}.${process.pid}`;
    generateKey(made, 'ed25519');
    try {
      writeFileSync(file, readFileSync(made), { mode: 0o600, flag: 'wx' });
      const folder = join(login.home, '.ssh');
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      appendFileSync(join(folder, 'authorized_keys'), readFileSync(`${made}.pub`), { mode: 0o600 });
      for (const path of [folder, join(folder, 'authorized_keys')]) chownSync(path, login.uid, login.gid);
    } finally {
      rmSync(made, { force: true });
      rmSync(`${made}.pub`, { force: true });
    }
  }
  return readFileSync(file, 'utf8');
}

async function listens(port: number): Promise<void> {
  const hex = `:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A`;
  for (let tries = 0; tries < 100; tries += 1) {
    if (readFileSync('/proc/net/tcp', 'latin1').includes(hex)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`dropbear does not listen on ${port}`);
}
