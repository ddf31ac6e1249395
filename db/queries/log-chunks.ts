import type { Queryable } from '../client.ts';

/** Where a chunk of a log stands, without what it holds. */
export interface ChunkExtent {
  readonly first_line: number;
  readonly line_count: number;
  readonly attempt: number;
}

/** The chunks of a step's log from the one that begins at `from` or behind it, in order. Served by the primary key of log_chunks. */
export const listChunkExtents = async (sql: Queryable, run: string, key: string, from: number): Promise<readonly ChunkExtent[]> =>
  sql<ChunkExtent[]>`
    select first_line, line_count, attempt from log_chunks
    where run_id = ${run} and step_key = ${key} and first_line >= ${from} order by first_line`;

/** A chunk with what it holds, packed. */
export interface StoredChunk extends ChunkExtent {
  readonly started_at: string;
  readonly data: Uint8Array;
}

/** The chunks that begin at one of these lines, in order; those that are gone are missing. Served by the primary key of log_chunks. */
export const readChunks = async (sql: Queryable, run: string, key: string, firsts: readonly number[]): Promise<readonly StoredChunk[]> =>
  sql<StoredChunk[]>`
    select first_line, line_count, attempt, started_at, data from log_chunks
    where run_id = ${run} and step_key = ${key} and first_line = any(${firsts as number[]}::integer[]) order by first_line`;
