import type { Readable } from 'node:stream';

/** Hands every chunk of a stream to `take`, pausing the stream while `take`'s promise is pending; resolves at its end, rejects with the first error of either. */
export function drain(stream: Readable, take: (bytes: Buffer) => Promise<void> | void): Promise<void> {
  return new Promise((resolve, reject) => {
    let taking: Promise<void> | undefined;
    stream.on('data', (bytes: Buffer) => {
      try {
        const pending = take(bytes);
        if (pending === undefined) return;
        stream.pause();
        taking = pending.then(() => {
          stream.resume();
        });
        taking.catch(reject);
      } catch (error) {
        reject(error);
      }
    });
    stream.once('end', () => (taking ?? Promise.resolve()).then(resolve, reject));
    stream.once('error', reject);
    stream.once('close', () => (taking ?? Promise.resolve()).then(resolve, reject));
  });
}
