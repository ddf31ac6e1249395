import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { stepFailure } from '#jobs/failure.ts';

const DECODERS: { readonly [encoding: string]: () => ReturnType<typeof createGunzip> } = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/** What `accept-encoding` may offer. */
export const ENCODINGS = 'gzip, deflate, br, zstd';

/** A whole body, decompressed; counts decoded bytes, so that a few compressed ones cannot fill the memory. */
export async function readBody(wire: Readable, encoding: string | undefined, maxBytes: number, signal: AbortSignal): Promise<Buffer> {
  let stream = wire;
  for (const name of (encoding ?? '')
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .reverse()) {
    if (name === '' || name === 'identity') continue;
    const decoder = DECODERS[name]?.();
    if (decoder === undefined) {
      wire.destroy();
      throw stepFailure('connection', `the answer is encoded as ${JSON.stringify(name)}, which was not asked for`);
    }
    stream.once('error', (error) => decoder.destroy(error));
    stream = stream.pipe(decoder);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw stepFailure('policy', `the answer is longer than max_bytes, ${maxBytes}`, { max_bytes: maxBytes });
      chunks.push(chunk);
    }
  } catch (error) {
    wire.on('error', () => undefined).destroy();
    if (signal.aborted) throw signal.reason;
    if (error instanceof Error && error.name === 'StepFailure') throw error;
    throw stepFailure(
      'connection',
      `the answer broke off after ${size} bytes: ${error instanceof Error ? error.message : error}`,
      undefined,
      error,
    );
  }
  return Buffer.concat(chunks);
}
