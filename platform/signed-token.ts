import { createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyRing } from './key-ring.ts';

/** A text that only this installation can have made: the key's id, the content and its HMAC-SHA-256 under a key derived for the purpose, joined by dots. */
export const signToken = ({ active, keys }: KeyRing, purpose: string, content: string): string => {
  const key = keys.get(active);
  if (!key) throw new Error(`the key ring lacks its active key ${active}`);
  const text = `${active}.${Buffer.from(content).toString('base64url')}`;
  return `${text}.${signatureOf(key, purpose, text).toString('base64url')}`;
};

/** What `signToken` signed for this purpose; null for anything else, and for a key that the ring no longer holds. */
export const readToken = ({ keys }: KeyRing, purpose: string, token: string): string | null => {
  const [, text = '', id = '', content = '', signature = ''] =
    /^(([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+))\.([A-Za-z0-9_-]{43})$/.exec(token) ?? [];
  const key = keys.get(id);
  if (!key) return null;
  const given = Buffer.from(signature, 'base64url');
  const expected = signatureOf(key, purpose, text);
  return given.length === expected.length && timingSafeEqual(given, expected) ? Buffer.from(content, 'base64url').toString() : null;
};

/** The key itself wraps credentials and signs nothing. */
const signatureOf = (key: Uint8Array, purpose: string, text: string): Buffer =>
  createHmac('sha256', createHmac('sha256', key).update(`capstan ${purpose}`).digest())
    .update(text)
    .digest();
