import { type HostKey, trustedKeys } from './host-key.ts';

/** What the two sides of a handshake must agree on, by ssh2's names for it. */
export const ALGORITHM_KINDS = ['kex', 'serverHostKey', 'cipher', 'hmac', 'compress'] as const;
export type AlgorithmKind = (typeof ALGORITHM_KINDS)[number];

/** Algorithms of each kind, the most favoured first. */
export type Algorithms = { readonly [kind in AlgorithmKind]: readonly string[] };

const MODERN: Algorithms = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group-exchange-sha256',
    'diffie-hellman-group14-sha256',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group18-sha512',
  ],
  serverHostKey: ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'rsa-sha2-512', 'rsa-sha2-256'],
  cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'chacha20-poly1305@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'],
  hmac: [
    'hmac-sha2-256-etm@openssh.com',
    'hmac-sha2-512-etm@openssh.com',
    'hmac-sha1-etm@openssh.com',
    'hmac-sha2-256',
    'hmac-sha2-512',
    'hmac-sha1',
  ],
  compress: ['none'],
};

/** For hosts from before about 2014, and never unless the target says so: SHA-1 signatures and groups, CBC, MD5. */
const LEGACY: Algorithms = {
  kex: ['diffie-hellman-group-exchange-sha1', 'diffie-hellman-group14-sha1', 'diffie-hellman-group1-sha1'],
  serverHostKey: ['ssh-rsa'],
  cipher: ['aes256-cbc', 'aes192-cbc', 'aes128-cbc', '3des-cbc'],
  hmac: ['hmac-sha1-96', 'hmac-md5', 'hmac-md5-96'],
  compress: [],
};

const SIGNATURES: { readonly [keyType: string]: readonly string[] } = { 'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] };

/** What to offer a host: of host keys only those of its pinned types, else a host pinned by one type shows another and seems changed. */
export function algorithmsFor(target: { readonly legacyAlgorithms: boolean; readonly hostKeys: readonly HostKey[] }): Algorithms {
  const offered = Object.fromEntries(
    ALGORITHM_KINDS.map((kind) => [kind, target.legacyAlgorithms ? [...MODERN[kind], ...LEGACY[kind]] : MODERN[kind]]),
  ) as Algorithms;
  const pinned = trustedKeys(target.hostKeys).flatMap(({ type }) => SIGNATURES[type] ?? [type]);
  const restricted = offered.serverHostKey.filter((algorithm) => pinned.includes(algorithm));
  return { ...offered, serverHostKey: restricted.length > 0 ? restricted : offered.serverHostKey };
}

const MISSING: readonly { readonly word: string; readonly kind: AlgorithmKind; readonly named: string }[] = [
  { word: 'key exchange algorithm', kind: 'kex', named: 'key exchange' },
  { word: 'host key format', kind: 'serverHostKey', named: 'host key algorithm' },
  { word: 'cipher', kind: 'cipher', named: 'cipher' },
  { word: 'MAC', kind: 'hmac', named: 'MAC' },
  { word: 'compression', kind: 'compress', named: 'compression' },
];

/** Which kind of algorithm the two sides share none of, from ssh2's message; null when that is not what it says. */
export const missingAlgorithm = (message: string): { readonly kind: AlgorithmKind; readonly named: string } | null =>
  message.startsWith('Handshake failed: no matching') ? (MISSING.find(({ word }) => message.includes(word)) ?? null) : null;
