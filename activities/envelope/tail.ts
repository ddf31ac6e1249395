import { characterBoundary } from './log-lines.ts';

/** Bytes of each stream that a result keeps. */
export const TAIL_BYTES = 4096;

/** The last bytes of a stream, in bounded memory. */
export class Tail {
  #bytes: Buffer = Buffer.alloc(0);

  push(bytes: Buffer): void {
    if (bytes.length === 0) return;
    const last = bytes.length > TAIL_BYTES ? bytes.subarray(bytes.length - TAIL_BYTES) : bytes;
    const joined = Buffer.concat([this.#bytes, last]);
    this.#bytes = joined.length > TAIL_BYTES ? Buffer.from(joined.subarray(joined.length - TAIL_BYTES)) : joined;
  }

  text(): string {
    let from = 0;
    if (this.#bytes.length === TAIL_BYTES) while (from < 4 && ((this.#bytes[from] ?? 0) & 0xc0) === 0x80) from += 1;
    return this.#bytes.toString('utf8', from, characterBoundary(this.#bytes));
  }
}
