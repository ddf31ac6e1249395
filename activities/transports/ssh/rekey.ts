import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';

/** What ssh2 has inside and offers to servers only: it never exchanges keys anew of its own accord. */
interface Inside {
  readonly _protocol?: { rekey?(): void };
}

/** Exchanges keys anew each time so many bytes have gone in both directions together. */
export function exchangeKeysAnew(client: Client, stream: Duplex, everyBytes: number): void {
  const written = countWrites(stream);
  let read = 0;
  let next = everyBytes;
  stream.on('data', (bytes: Buffer) => {
    read += bytes.length;
    // While much is written the host's answers come often enough to look here only.
    if (read + written() < next) return;
    next = read + written() + everyBytes;
    (client as unknown as Inside)._protocol?.rekey?.();
  });
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
