/** Temporal's limit for the key by which it shares a queue. */
const KEY_BYTES = 64;

/** What a client may weigh; one that nobody has set weighs 1. */
export const WEIGHTS = { min: 0.001, max: 1_000 } as const;

/** Whose share of a queue a step takes, at most 64 bytes of UTF-8: the client's name, or its beginning with a number that tells it from others that begin so. */
export function shareKey(client: string): string {
  if (bytesOf(client) <= KEY_BYTES) return client;
  let hash = 7;
  for (const letter of client) hash = (Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0)) >>> 0;
  const tail = `~${hash.toString(36)}`;
  let head = '';
  for (const letter of client) {
    if (bytesOf(head) + bytesOf(letter) + tail.length > KEY_BYTES) break;
    head += letter;
  }
  return head + tail;
}

/** In UTF-8. */
function bytesOf(text: string): number {
  let bytes = 0;
  for (const letter of text) {
    const point = letter.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
