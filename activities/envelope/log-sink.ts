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
  readonly lines: LogLine[];
  bytes: number;
}

/** Where the logs of all steps of a worker go. */
export interface LogSink {
  /** Stores the chunk soon, with the lines it has by then. */
  add(chunk: OpenChunk): void;
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
    write: (batch) => appendLog(sql, newest(batch).map(encode)),
    weigh: ({ bytes, lines }) => bytes + lines.length * LINE_OVERHEAD,
    delayMs: 5,
    maxBatch: 16,
    maxPending: MOST_WAITING_BYTES,
    isPassing: isDatabaseAway,
    onDropped: ({ run, key, first_line }, error) => log.error({ err: error, run, key, first_line }, 'a log chunk could not be stored'),
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
    room: () => full,
    flush: () => commits.flush(),
  };
}

/** An open chunk may be in the batch several times; it is the same object, so once is enough. */
const newest = (batch: readonly OpenChunk[]): readonly OpenChunk[] => [...new Set(batch)];

const encode = ({ run, key, attempt, first_line, lines }: OpenChunk): LogChunk => ({
  run,
  key,
  attempt,
  first_line,
  ...encodeLines(lines),
});
