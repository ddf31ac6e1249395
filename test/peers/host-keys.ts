import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import ssh2 from 'ssh2';

/** A peer's public host key, as OpenSSH names and prints it. */
export interface PeerHostKey {
  readonly type: string;
  readonly fingerprint: string;
  readonly key: string;
}

export const KEY_TYPES = ['ed25519', 'ecdsa', 'rsa'] as const;

/** Writes a new key pair to `path` and `path.pub`, without a passphrase. */
export function generateKey(path: string, type: (typeof KEY_TYPES)[number]): void {
  rmSync(path, { force: true });
  rmSync(`${path}.pub`, { force: true });
  const size = type === 'rsa' ? ['-b', '2048'] : [];
  execFileSync('ssh-keygen', ['-q', '-t', type, ...size, '-N', '', '-C', '', '-f', path]);
}

/** The public key in a `.pub` file, its fingerprint by `ssh-keygen`. */
export function readPublicKey(path: string): PeerHostKey {
  const [type = '', key = ''] = readFileSync(path, 'utf8').trim().split(' ');
  const fingerprint = execFileSync('ssh-keygen', ['-l', '-f', path], { encoding: 'utf8' }).split(' ')[1] ?? '';
  return { type, fingerprint, key };
}

/** A new Ed25519 pair for a server made of ssh2. Of the pairs that ssh2 makes, one in 250 is written so that nothing can read it, itself neither. */
export function ssh2KeyPair(): { readonly private: string; readonly public: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519');
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}
