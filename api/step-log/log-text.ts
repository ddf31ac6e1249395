import type { Sql } from '#db/client.ts';
import { listChunkExtents } from '#db/queries/log-chunks.ts';
import { type LineFilter, mayHold } from './line-filter.ts';
import type { ChunkToScan, ScannedText } from './scan.ts';
import type { Asker, Scanners } from './scanners.ts';

/** Chunks asked for at once: what one answer holds of a log at a time, about a megabyte. */
const AT_ONCE = 16;

/** The steps of a run have logs; this is one of them, or what a filter means of it. */
interface Wanted {
  readonly run: string;
  readonly key: string;
  readonly filter: LineFilter;
  /** The person who wants it. */
  readonly who: string;
}

/** A log as one text, read by the threads that search, as fast as it is taken; pieces of one long line are one line again. Null when it has no lines. Throws a 422 for a pattern that is not RE2. */
export async function logText(sql: Sql, scanners: Scanners, { run, key, filter, who }: Wanted): Promise<ReadableStream<Uint8Array> | null> {
  const chunks = await chunksOf(sql, run, key, filter);
  const leaving = new AbortController();
  const asker: Asker = { who, signal: leaving.signal };
  let at = 0;
  const read = async (): Promise<ScannedText['text']> => {
    const found = await scanners.do({ does: 'text', run, key, filter, chunks: chunks.slice(at, at + AT_ONCE) }, asker);
    at += found.chunks;
    return found.text;
  };
  // A pattern that is refused is refused before anything was told.
  const first = chunks.length === 0 ? null : await read();
  return first === null
    ? null
    : new ReadableStream({
        start: (controller) => {
          if (first.length > 0) controller.enqueue(first);
        },
        pull: async (controller) => {
          while (at < chunks.length) {
            const text = await read();
            if (text.length > 0) return controller.enqueue(text);
          }
          controller.close();
        },
        cancel: () => leaving.abort(),
      });
}

/** The chunks that may hold such lines, each without the lines that the one before holds too. */
async function chunksOf(sql: Sql, run: string, key: string, filter: LineFilter): Promise<readonly ChunkToScan[]> {
  let after = 0;
  const chunks: ChunkToScan[] = [];
  for (const chunk of await listChunkExtents(sql, run, key, 0)) {
    if (mayHold(filter, chunk)) chunks.push({ ...chunk, after });
    after = Math.max(after, chunk.first_line + chunk.line_count - 1);
  }
  return chunks;
}
