import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KeyRing } from './key-ring.ts';
import { readToken, signToken } from './signed-token.ts';

const old = randomBytes(32);
const ring: KeyRing = {
  active: 'new',
  keys: new Map([
    ['new', randomBytes(32)],
    ['old', old],
  ]),
};

test('a token says what was signed, under the active key and under an older one', () => {
  expect(readToken(ring, 'webhook', signToken(ring, 'webhook', 'run key[3]'))).toBe('run key[3]');
  expect(readToken(ring, 'webhook', signToken({ active: 'old', keys: new Map([['old', old]]) }, 'webhook', 'x'))).toBe('x');
});

test('a token for another purpose, of another installation, or changed in any character is none', () => {
  const token = signToken(ring, 'webhook', '0195a7c0 wait');
  expect(readToken(ring, 'other', token)).toBeNull();
  expect(readToken({ active: 'new', keys: new Map([['new', randomBytes(32)]]) }, 'webhook', token)).toBeNull();
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.constantFrom(...'AZaz09-_.'), (at, character) => {
      const changed = token.slice(0, at) + character + token.slice(at + 1);
      // The last character of a signature carries bits that stand for nothing.
      if (changed !== token && at < token.length - 1) expect(readToken(ring, 'webhook', changed)).toBeNull();
    }),
  );
  for (const text of ['', '.', 'new..', 'new.QQ', `${token}x`, token.slice(1)]) expect(readToken(ring, 'webhook', text)).toBeNull();
});
