import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';

/** What ssh2 has inside: it offers new keys to servers only, and counts nothing but answers to its own questions as a sign of life. */
interface Inside {
  readonly _protocol?: { rekey?(): void };
  _resetKA?(): void;
}

const HEARD_MS = 1000;

/** Exchanges keys anew each time so many bytes have gone in both directions together, and takes all that is heard for a sign of life: on a slow line an answer waits behind megabytes. */
export function keepUp(client: Client, stream: Duplex, newKeysEachBytes: number): void {
  const inside = client as unknown as Inside;
  gatherWrites(stream);
  const written = countWrites(stream);
  let read = 0;
  let next = newKeysEachBytes;
  let heard = performance.now();
  stream.on('data', (bytes: Buffer) => {
    read += bytes.length;
    const now = performance.now();
    if (now - heard > HEARD_MS) {
      heard = now;
      inside._resetKA?.();
    }
    // While much is written the host's answers come often enough to look here only.
    if (read + written() < next) return;
    next = read + written() + newKeysEachBytes;
    inside._protocol?.rekey?.();
  });
}

/** Packets of one moment, of all channels, go out together: each write costs a system call here and wakes the host. */
function gatherWrites(stream: Duplex): void {
  const write = stream.write.bind(stream);
  let gathering = false;
  stream.write = ((bytes: Buffer, ...rest: []) => {
    if (!gathering) {
      gathering = true;
      stream.cork();
      setImmediate(() => {
        gathering = false;
        stream.uncork();
      });
    }
    return write(bytes, ...rest);
  }) as typeof stream.write;
}

function countWrites(stream: Duplex & { readonly bytesWritten?: number }): () => number {
  if (typeof stream.bytesWritten === 'number') return () => stream.bytesWritten ?? 0;
  // A channel of another connection does not count for us.
  let written = 0;
  const write = stream.write.bind(stream);
  stream.write = ((bytes: Buffer, ...rest: []) => {
    written += bytes.length;
    return write(bytes, ...rest);
  }) as typeof stream.write;
  return () => written;
}
