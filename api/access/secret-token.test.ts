import { expect, test } from 'vitest';
import { couldBeToken, hashOf, mintToken } from './secret-token.ts';

test('a minted token passes its own checksum, and one changed character fails it', () => {
  for (let i = 0; i < 200; i++) {
    const token = mintToken();
    expect(token).toMatch(/^cap_[A-Za-z0-9_-]{50}$/);
    expect(couldBeToken(token)).toBe(true);
    const at = 4 + (i % 50);
    const changed = token.slice(0, at) + (token[at] === 'a' ? 'b' : 'a') + token.slice(at + 1);
    expect(couldBeToken(changed)).toBe(false);
  }
});

test('a bootstrap token of any shape is a candidate from 32 characters on', () => {
  expect(couldBeToken('x'.repeat(31))).toBe(false);
  expect(couldBeToken('x'.repeat(32))).toBe(true);
});

test('what is stored is the SHA-256 of the whole token', () => {
  expect(hashOf('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
