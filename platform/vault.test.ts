import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KeyRing } from './key-ring.ts';
import { open, rewrap, type Sealed, type SecretPlace, seal, VaultError } from './vault.ts';

const ringOf = (...ids: readonly [string, ...string[]]): KeyRing => ({
  active: ids[0],
  keys: new Map(ids.map((id) => [id, randomBytes(32)])),
});
const place: SecretPlace = { project: 'default', id: 'c-1', version: 3, field: 'password' };
const ring = ringOf('k1');

test('whatever is sealed opens again in its place', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (secret) => {
      expect(open(ring, seal(ring, secret, place), place)).toBe(secret);
    }),
  );
});

test('the same secret sealed twice shares nothing: data key and initialisation vector are fresh', () => {
  const [a, b] = [seal(ring, 'same', place), seal(ring, 'same', place)];
  expect(a.data).not.toBe(b.data);
  expect(a.wrapped_key).not.toBe(b.wrapped_key);
  expect(a.data.slice(0, 16)).not.toBe(b.data.slice(0, 16));
});

test.each([
  ['project', { project: 'other' }],
  ['credential', { id: 'c-2' }],
  ['version', { version: 4 }],
  ['field', { field: 'private_key' }],
])('ciphertext moved to another %s does not open, and the error names where and with which key', (_, elsewhere) => {
  const moved = { ...place, ...elsewhere };
  const attempt = () => open(ring, seal(ring, 'secret', place), moved);
  expect(attempt).toThrow(VaultError);
  expect(attempt).toThrow(
    `credential ${moved.id} (project ${moved.project}, version ${moved.version}, field ${moved.field}) does not open with key "k1"`,
  );
});

test('a wrong key under the right id, and an id the ring lacks, are both refused by name', () => {
  const sealed = seal(ring, 'secret', place);
  expect(() => open(ringOf('k1'), sealed, place)).toThrow('does not open with key "k1"');
  expect(() => open(ringOf('k2', 'k3'), sealed, place)).toThrow(
    'is sealed with key "k1", which the key ring does not hold (it holds k2, k3)',
  );
});

test('one changed byte anywhere is noticed, and so is a cut', () => {
  const sealed = seal(ring, 'secret', place);
  const flipped = (text: string, at: number) => {
    const bytes = Buffer.from(text, 'base64');
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes.toString('base64');
  };
  for (const field of ['data', 'wrapped_key'] as const) {
    const { length } = Buffer.from(sealed[field], 'base64');
    for (let at = 0; at < length; at += 1) {
      expect(() => open(ring, { ...sealed, [field]: flipped(sealed[field], at) } satisfies Sealed, place)).toThrow(VaultError);
    }
    expect(() => open(ring, { ...sealed, [field]: '' }, place)).toThrow(VaultError);
  }
});

test('after a new key became the active one, old secrets still open and new ones use it', () => {
  const before = seal(ring, 'old', place);
  const rotated: KeyRing = { active: 'k2', keys: new Map([['k2', randomBytes(32)], ...ring.keys]) };
  expect(open(rotated, before, place)).toBe('old');
  expect(seal(rotated, 'new', place).key_id).toBe('k2');
});

test('an error never holds the secret', () => {
  const sealed = seal(ring, 'tell nobody', place);
  expect(() => open(ringOf('k1'), sealed, place)).not.toThrow(/tell nobody/);
});

test('a secret wrapped anew opens without the key before, in its place only', () => {
  const both: KeyRing = { active: 'k2', keys: new Map([...ringOf('k2').keys, ...ring.keys]) };
  const before = seal(ring, 'secret', place);
  const after = rewrap(both, before, place);
  expect(after).toMatchObject({ key_id: 'k2', data: before.data });
  expect(open({ active: 'k2', keys: new Map([...both.keys].slice(0, 1)) }, after, place)).toBe('secret');
  expect(rewrap(both, after, place)).toBe(after);
  expect(() => rewrap(both, before, { ...place, id: 'c-2' })).toThrow(/credential c-2 .* does not open with key "k1"/);
  expect(() => rewrap(both, after, { ...place, version: 4 })).toThrow(/version 4.* does not open with key "k2"/);
  expect(() => rewrap(ringOf('k3'), before, place)).toThrow('sealed with key "k1", which the key ring does not hold (it holds k3)');
});
