import type { Sql } from '#db/client.ts';
import { encodeLines, type LogLine } from '#db/log-chunk.ts';
import { appendLog, type LogChunk } from '#db/queries/append-log.ts';
import type { Logger } from '#platform/logging.ts';
import { isDatabaseAway } from './database-away.ts';
import { GroupCommit } from './group-commit.ts';

/** A chunk that may still grow; storing it again replaces what was stored of it. */
export interface OpenChunk {
  readonly run: string;
  readonly key: string;
  readonly attempt: number;
  readonly first_line: number;
  /** Refused once a later attempt of the step has begun, even one that begins at this very moment. */
  readonly fenced: boolean;
  readonly lines: LogLine[];
  bytes: number;
  /** Raw bytes of each stream of the execution that stand in the log up to the last line here. */
  stdout_bytes: number;
  stderr_bytes: number;
  /** How many of the lines are stored; null when they will never be. */
  stored: number | null;
}

/** Where the logs of all steps of a worker go. */
export interface LogSink {
  /** Stores the chunk soon, with the lines it has by then. */
  add(chunk: OpenChunk): void;
  /** Stores it, with all before it, and resolves once that is done; rejects when it was given up. */
  commit(chunk: OpenChunk): Promise<void>;
  /** What to wait for before writing more; undefined while there is room. */
  room(): Promise<void> | undefined;
  /** Resolves once everything added is stored. */
  flush(): Promise<void>;
}

/** Text that may wait for the database in one worker before its steps have to wait; the bound on memory that output can take. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024;
/** What a line costs in memory beside its text. */
const LINE_OVERHEAD = 100;

/** A sink into Postgres: chunks of all steps in common batches. */
export function createLogSink(sql: Sql, log: Logger): LogSink {
  let full: Promise<void> | undefined;
  const commits = new GroupCommit<OpenChunk>({
    write: (batch) => store(sql, newest(batch)),
    weigh: ({ bytes, lines }) => bytes + lines.length * LINE_OVERHEAD,
    delayMs: 5,
    maxBatch: 16,
    maxPending: MOST_WAITING_BYTES,
    isPassing: isDatabaseAway,
    onDropped: (chunk, error) => {
      chunk.stored = null;
      const { run, key, first_line } = chunk;
      log.error({ err: error, run, key, first_line }, 'a log chunk could not be stored');
    },
  });
  return {
    add(chunk) {
      const room = commits.add(chunk);
      if (room === undefined) return;
      full = room;
      void room.then(() => {
        if (full === room) full = undefined;
      });
    },
    commit: (chunk) => commits.commit(chunk),
    room: () => full,
    flush: () => commits.flush(),
  };
}

/** An open chunk may be in the batch several times; it is the same object, so once is enough. */
const newest = (batch: readonly OpenChunk[]): readonly OpenChunk[] => [...new Set(batch)];

async function store(sql: Sql, chunks: readonly OpenChunk[]): Promise<void> {
  const encoded = chunks.map(encode);
  const refused = await appendLog(sql, encoded);
  for (const [index, chunk] of chunks.entries()) {
    const isRefused = refused.some(({ run, key, first_line }) => run === chunk.run && key === chunk.key && first_line === chunk.first_line);
    chunk.stored = isRefused ? null : (encoded[index]?.line_count ?? 0);
  }
}

const encode = ({ run, key, attempt, first_line, fenced, lines, stdout_bytes, stderr_bytes }: OpenChunk): LogChunk => ({
  run,
  key,
  attempt,
  first_line,
  fenced,
  stdout_bytes,
  stderr_bytes,
  ...encodeLines(lines),
});
