import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { expect, test } from 'vitest';
import { readPrivateKey } from './private-keys.ts';

const KINDS = [
  ['rsa', { modulusLength: 2048 }, 'pkcs1', 'ssh-rsa'],
  ['ec', { namedCurve: 'P-256' }, 'sec1', 'ecdsa-sha2-nistp256'],
  ['ec', { namedCurve: 'P-384' }, 'sec1', 'ecdsa-sha2-nistp384'],
  ['ec', { namedCurve: 'P-521' }, 'sec1', 'ecdsa-sha2-nistp521'],
  ['ed25519', {}, null, 'ssh-ed25519'],
] as const;

const missing = spawnSync('ssh-keygen', ['-?']).error === undefined ? '' : ' (there is no ssh-keygen)';

const pair = (kind: string, options: object) => generateKeyPairSync(kind as 'rsa', options as { modulusLength: number });

test.each(KINDS)('a key of the kind %s %j is the same key in every form, and signs', (kind, options, own, type) => {
  const { privateKey } = pair(kind, options);
  const forms = [
    privateKey.export({ type: 'pkcs8', format: 'pem' }),
    privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().replaceAll('\n', '\r\n'),
    ...(own ? [privateKey.export({ type: own as 'pkcs1', format: 'pem' })] : []),
  ].map((text) => readPrivateKey(text.toString(), null));
  const locked = readPrivateKey(
    privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'sesame' }).toString(),
    'sesame',
  );
  expect(new Set([...forms, locked].map(({ fingerprint }) => fingerprint)).size).toBe(1);
  expect(locked.passphrase).toBeNull();
  for (const { text } of [...forms, locked]) {
    const parsed = ssh2.utils.parseKey(text);
    if (parsed instanceof Error || Array.isArray(parsed)) throw parsed;
    expect(parsed.type).toBe(type);
    expect(parsed.verify('data', parsed.sign('data') as Buffer)).toBe(true);
  }
});

test('an old-style PEM under a passphrase is kept as it is, with its passphrase', () => {
  const text = pair('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'p' })
    .toString();
  expect(readPrivateKey(text, 'p')).toMatchObject({ text, passphrase: 'p' });
  expect(() => readPrivateKey(text, null)).toThrow(/passphrase/i);
});

test.skipIf(missing !== '').each(['ed25519', 'ecdsa', 'rsa'])(
  `OpenSSH’s own %s key under a passphrase is opened once, for all logins${missing}`,
  (kind) => {
    const folder = mkdtempSync(join(tmpdir(), 'capstan-key-'));
    const keygen = (...words: string[]) => execFileSync('ssh-keygen', ['-q', '-f', join(folder, 'key'), ...words], { encoding: 'utf8' });
    try {
      keygen('-t', kind, '-N', 'sesame', '-a', '1');
      const key = readPrivateKey(readFileSync(join(folder, 'key'), 'utf8'), 'sesame');
      expect(key.passphrase).toBeNull();
      expect(keygen('-l')).toContain(key.fingerprint);
      const parsed = ssh2.utils.parseKey(key.text);
      if (parsed instanceof Error || Array.isArray(parsed)) throw parsed;
      expect(parsed.verify('data', parsed.sign('data') as Buffer)).toBe(true);
      expect(() => readPrivateKey(readFileSync(join(folder, 'key'), 'utf8'), 'other')).toThrow(/passphrase/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

test('a passphrase that would take hours to try is not tried', () => {
  const field = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  const options = Buffer.concat([field(Buffer.alloc(16)), Buffer.from([0xff, 0xff, 0xff, 0xff])]);
  const container = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    ...[field(Buffer.from('aes256-ctr')), field(Buffer.from('bcrypt')), field(options)],
  ]);
  const text = `-----BEGIN OPENSSH PRIVATE KEY-----\n${container.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`;
  expect(() => readPrivateKey(text, 'sesame')).toThrow('more than 500 rounds');
});

test('what is no private key, or is not opened, is refused without a word of it', () => {
  const { privateKey, publicKey } = pair('rsa', { modulusLength: 2048 });
  const locked = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'sesame' }).toString();
  expect(() => readPrivateKey(locked, null)).toThrow('it is encrypted and no passphrase was given');
  expect(() => readPrivateKey(locked, 'other')).toThrow('the passphrase does not open it');
  expect(() => readPrivateKey(pair('x25519', {}).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), null)).toThrow(
    'keys of the kind x25519 do not log in over SSH',
  );
  expect(() => readPrivateKey(publicKey.export({ type: 'spki', format: 'pem' }).toString(), null)).toThrow();
  expect(() => readPrivateKey('-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n-----END PRIVATE KEY-----', null)).toThrow('malformed PKCS#8');
});
