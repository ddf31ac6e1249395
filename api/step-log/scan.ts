import type { Queryable } from '#db/client.ts';
import { isContinued, type LogLine, linesOf } from '#db/log-chunk.ts';
import { type ChunkExtent, readChunks } from '#db/queries/log-chunks.ts';
import { type NumberedLine, numbered } from '#db/queries/read-log.ts';
import { finderOf, type LineFilter } from './line-filter.ts';
import { type UnpackedChunk, type UnpackedChunks, unpackedChunk } from './unpacked-chunks.ts';

/** A chunk to look through; its lines up to `after` are another's, which holds them too. */
export interface ChunkToScan extends ChunkExtent {
  readonly after: number;
}

/**
 * What a thread is asked: to count lines that are meant chunk by chunk, those below a line only if `below` is given; to read some of them, the first
 * behind `skip` others or, `from_end`, the last before them, up to so many lines and about so many bytes; or to write them as a text.
 */
export type ScanTask = {
  readonly run: string;
  readonly key: string;
  readonly filter: LineFilter;
  readonly chunks: readonly ChunkToScan[];
} & (
  | { readonly does: 'count'; readonly below?: number }
  | { readonly does: 'read'; readonly skip: number; readonly limit: number; readonly bytes: number; readonly from_end: boolean }
  | { readonly does: 'text' }
);

/** How many lines of a chunk are meant, of so many that it had when it was read; null: it is gone. */
export interface ChunkCount {
  readonly matches: number;
  readonly line_count: number | null;
}

/** Lines as a text in UTF-8, from so many of the chunks. */
export interface ScannedText {
  readonly text: Uint8Array<ArrayBuffer>;
  readonly chunks: number;
}

/** Counts and texts may be of the first chunks only, at least of one: a task gives way to others after a while. */
export type ScanAnswer<T extends ScanTask = ScanTask> = T extends { readonly does: 'count' }
  ? readonly ChunkCount[]
  : T extends { readonly does: 'read' }
    ? readonly NumberedLine[]
    : ScannedText;

/** Chunks read at once: about a megabyte, packed. */
const AT_ONCE = 64;
/** How long a task that can be gone on with looks on, and one that is asked for lines once it has some. */
const TURN_MS = 250;
const READING_MS = 1_000;

/** Where chunks are read from. */
export interface Chunks {
  readonly sql: Queryable;
  readonly kept: UnpackedChunks;
}

/** Does a task on the thread it is called on. Throws when the filter's pattern is not RE2. */
export const scan = (from: Chunks, task: ScanTask): Promise<ScanAnswer> => {
  if (task.does === 'count') return count(from, task);
  return task.does === 'read' ? read(from, task) : write(from, task);
};

async function count(from: Chunks, task: Extract<ScanTask, { does: 'count' }>): Promise<readonly ChunkCount[]> {
  const { below = Number.POSITIVE_INFINITY } = task;
  const counts: ChunkCount[] = [];
  const giveWayAt = performance.now() + TURN_MS;
  for await (const looked of look(from, task)) {
    if (looked === null) counts.push({ matches: 0, line_count: null });
    else {
      const { chunk, found } = looked;
      counts.push({ matches: found.findLastIndex((place) => chunk.first_line + place < below) + 1, line_count: chunk.line_count });
    }
    if (performance.now() > giveWayAt) break;
  }
  return counts;
}

async function read(from: Chunks, task: Extract<ScanTask, { does: 'read' }>): Promise<readonly NumberedLine[]> {
  const lines: NumberedLine[] = [];
  let { skip } = task;
  let bytes = 0;
  const giveWayAt = performance.now() + READING_MS;
  for await (const looked of look(from, task, task.from_end)) {
    if (looked === null) continue;
    const { chunk, unpacked, found } = looked;
    const wanted = (task.from_end ? found.toReversed() : found).slice(skip, skip + task.limit - lines.length);
    skip = Math.max(0, skip - found.length);
    const own = wanted.length === 0 ? [] : linesOf(unpacked, chunk.started_at);
    for (const place of wanted) {
      const line = own[place] as LogLine;
      bytes += Buffer.byteLength(line.text);
      if (bytes > task.bytes && lines.length > 0) break;
      lines.push(numbered(line, chunk.first_line + place, chunk.attempt));
    }
    if (lines.length === task.limit || bytes > task.bytes) break;
    if (lines.length > 0 && performance.now() > giveWayAt) break;
  }
  return task.from_end ? lines.toReversed() : lines;
}

async function write(from: Chunks, task: Extract<ScanTask, { does: 'text' }>): Promise<ScannedText> {
  const written: string[] = [];
  const giveWayAt = performance.now() + TURN_MS;
  let chunks = 0;
  for await (const looked of look(from, task)) {
    chunks += 1;
    if (looked !== null && looked.found.length > 0) {
      const lines = linesOf(looked.unpacked, looked.chunk.started_at);
      for (const place of looked.found) written.push(writtenLine(lines[place] as LogLine));
    }
    if (performance.now() > giveWayAt) break;
  }
  return { text: new TextEncoder().encode(written.join('')), chunks };
}

const writtenLine = (line: LogLine): string => (isContinued(line) ? line.text : `${line.text}\n`);

interface Looked {
  readonly chunk: UnpackedChunk;
  readonly unpacked: string;
  /** Places of the lines that are meant. */
  readonly found: readonly number[];
}

/** The chunks one by one, in their order or from the last; null for one that is gone. */
async function* look({ sql, kept }: Chunks, task: ScanTask, fromEnd = false): AsyncGenerator<Looked | null, void> {
  const { run, key, filter, chunks } = task;
  const log = `${run} ${key}`;
  const find = finderOf(filter);
  const ordered = fromEnd ? chunks.toReversed() : chunks;
  for (let at = 0; at < ordered.length; at += AT_ONCE) {
    const asked = ordered.slice(at, at + AT_ONCE);
    const known = new Map(asked.map((one) => [one.first_line, kept.find(log, one)]));
    const unknown = asked.flatMap(({ first_line }) => (known.get(first_line) ? [] : [first_line]));
    const stored = unknown.length === 0 ? [] : await readChunks(sql, run, key, unknown);
    const packed = new Map(stored.map((chunk) => [chunk.first_line, chunk]));
    for (const { first_line, after } of asked) {
      const fresh = packed.get(first_line);
      // A text is read once; what is searched for is searched for again.
      const chunk = known.get(first_line) ?? (fresh && (task.does === 'text' ? unpackedChunk(fresh) : kept.keep(log, fresh)));
      if (chunk) {
        const unpacked = chunk.json.toString();
        const all = find(unpacked, first_line);
        yield { chunk, unpacked, found: after < first_line ? all : all.filter((place) => first_line + place > after) };
      } else yield null;
    }
  }
}
