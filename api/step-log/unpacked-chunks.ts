import { unpackBytes } from '#db/log-chunk.ts';
import type { ChunkExtent, StoredChunk } from '#db/queries/log-chunks.ts';

/** A chunk as it is looked through. */
export interface UnpackedChunk extends Omit<StoredChunk, 'data'> {
  readonly json: Buffer;
}

/** Besides its text, what one costs. */
const OVERHEAD = 500;

/** Chunks looked through last, up to so many bytes: whoever searches a log changes a letter and searches it again. A chunk that has as many lines of the same attempt is the same. */
export class UnpackedChunks {
  readonly #most: number;
  readonly #kept = new Map<string, UnpackedChunk>();
  #bytes = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** The chunk, if it is kept as it stands now. */
  find(log: string, { first_line, line_count, attempt }: ChunkExtent): UnpackedChunk | undefined {
    const name = `${log} ${first_line}`;
    const kept = this.#kept.get(name);
    if (kept?.line_count !== line_count || kept.attempt !== attempt) return undefined;
    this.#kept.delete(name);
    this.#kept.set(name, kept);
    return kept;
  }

  /** Unpacks a chunk; it is kept in place of those looked at longest ago. */
  keep(log: string, chunk: StoredChunk): UnpackedChunk {
    const unpacked = unpackedChunk(chunk);
    const name = `${log} ${chunk.first_line}`;
    this.#forget(name);
    this.#kept.set(name, unpacked);
    this.#bytes += costOf(unpacked);
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#most) break;
      this.#forget(oldest);
    }
    return unpacked;
  }

  #forget(name: string): void {
    const kept = this.#kept.get(name);
    if (!kept) return;
    this.#bytes -= costOf(kept);
    this.#kept.delete(name);
  }
}

const costOf = ({ json }: UnpackedChunk): number => json.length + OVERHEAD;

/** A chunk unpacked, kept nowhere. */
export const unpackedChunk = ({ data, ...chunk }: StoredChunk): UnpackedChunk => ({ ...chunk, json: unpackBytes(data) });
