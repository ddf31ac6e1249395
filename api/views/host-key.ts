import { createHash } from 'node:crypto';
import { z } from 'zod';

const TYPE = /^(ssh-|ecdsa-|sk-)/;

/** A public host key from the words of a line: `ssh-ed25519 AAAA…`, or with the host's names before it; null when there is none. */
function keyIn(words: readonly string[]) {
  const at = words.findIndex((word) => TYPE.test(word));
  const [type = '', key = ''] = at < 0 || at > 1 ? [] : words.slice(at);
  const blob = Buffer.from(key, 'base64');
  const length = blob.length > 8 ? blob.readUInt32BE(0) : 0;
  if (length === 0 || blob.subarray(4, 4 + length).toString('latin1') !== type) return null;
  const fingerprint = `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
  return { type, fingerprint, key: blob.toString('base64') };
}

/** A host key as `ssh-keyscan`, known_hosts or a `.pub` file has it, or as an object; the fingerprint is always ours. */
export const HostKeyContent = z
  .union([
    z.string().max(20_000),
    z.object({ type: z.string().max(100), key: z.string().max(20_000) }).transform(({ type, key }) => `${type} ${key}`),
  ])
  .transform((line, c) => {
    const key = keyIn(line.trim().split(/\s+/));
    if (key) return key;
    c.addIssue({ code: 'custom', message: 'expected a public host key such as "ssh-ed25519 AAAA…"' });
    return z.NEVER;
  });

/** A host key that a target pins. */
export const HostKeyView = z.object({ type: z.string(), fingerprint: z.string(), key: z.string() }).meta({ id: 'HostKey' });
