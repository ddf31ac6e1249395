import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const BODY = /^cap_([A-Za-z0-9_-]{43})([0-9a-z]{7})$/;

/** A new access token: `cap_`, 256 random bits, and a checksum by which scanners and we know a real one from a typo. */
export function mintToken(): string {
  const random = randomBytes(32).toString('base64url');
  return `cap_${random}${checksum(random)}`;
}

/** A new session's secret; it only ever stands in a cookie. */
export const mintSession = (): string => randomBytes(32).toString('base64url');

/** What is stored instead of a token or a session's secret: its SHA-256, in hex. A fast hash is enough for 256 random bits. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** False for a `cap_` token that was mistyped or cut; other texts may be tokens that were brought along. */
export function couldBeToken(text: string): boolean {
  if (!text.startsWith('cap_')) return text.length >= 32;
  const [, random = '', sum] = BODY.exec(text) ?? [];
  return sum === checksum(random);
}

const checksum = (text: string) => crc32(text).toString(36).padStart(7, '0');
