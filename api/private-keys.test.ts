import { generateKeyPairSync } from 'node:crypto';
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
