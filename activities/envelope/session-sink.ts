import { v7 as uuidv7 } from 'uuid';
import type { Sql } from '#db/client.ts';
import { recordSessions, type SessionRow, type SessionUseRow } from '#db/queries/record-sessions.ts';
import type { Logger } from '#platform/logging.ts';
import type { SessionFacts, SessionRecord, SessionSink } from '../transports/ssh/session-record.ts';
import { isDatabaseAway } from './database-away.ts';
import { GroupCommit } from './group-commit.ts';

type Told = { readonly kind: 'session'; readonly row: SessionRow } | { readonly kind: 'use'; readonly row: SessionUseRow };

/** Writes the SSH sessions of a worker as rows. */
export interface SessionRows extends SessionSink {
  /** Resolves once everything told so far is written. */
  flush(): Promise<void>;
}

/** How long counts gather before they are written. */
const COUNTS_MS = 1000;

/** A session's row is written when it opens and when it closes; what it counts meanwhile, each second at most. */
export function createSessionSink(sql: Sql, workerId: string, log: Logger): SessionRows {
  const rows = new GroupCommit<Told>({
    write: (batch) =>
      recordSessions(
        sql,
        batch.flatMap((one) => (one.kind === 'session' ? [one.row] : [])),
        batch.flatMap((one) => (one.kind === 'use' ? [one.row] : [])),
      ),
    weigh: () => 500,
    delayMs: 20,
    maxBatch: 500,
    maxPending: 4 * 1024 * 1024,
    isPassing: isDatabaseAway,
    onDropped: ({ kind, row }, error) => log.error({ err: error, kind, row }, 'an SSH session could not be recorded'),
  });
  const counted = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;
  const writeCounts = () => {
    timer = undefined;
    for (const write of counted) write();
    counted.clear();
  };

  return {
    opened: (facts): SessionRecord => {
      let row = firstRow(facts, workerId);
      const used = new Set<string>();
      const write = () => void rows.add({ kind: 'session', row });
      write();
      return {
        used: ({ run, key }) => {
          if (used.has(`${run} ${key}`)) return;
          used.add(`${run} ${key}`);
          rows.add({ kind: 'use', row: { run, key, session: row.session_id } });
        },
        count: ({ commands = 0, files = 0, bytes = 0 }) => {
          row = {
            ...row,
            commands_executed: row.commands_executed + commands,
            files_transferred: row.files_transferred + files,
            total_bytes_transferred: row.total_bytes_transferred + bytes,
          };
          counted.add(write);
          timer ??= setTimeout(writeCounts, COUNTS_MS).unref();
        },
        closed: (reason) => {
          if (row.connection_closed_at !== null) return;
          row = { ...row, connection_closed_at: new Date().toISOString(), close_reason: reason };
          counted.delete(write);
          write();
        },
      };
    },
    flush: async () => {
      clearTimeout(timer);
      writeCounts();
      await rows.flush();
    },
  };
}

const firstRow = ({ target, serverVersion, hostKey, hops }: SessionFacts, workerId: string): SessionRow => ({
  session_id: uuidv7(),
  project: target.project,
  target: target.name,
  host: target.host,
  port: target.port,
  username: target.user,
  server_version: serverVersion,
  host_key_fingerprint: hostKey.fingerprint,
  hops,
  worker_id: workerId,
  connection_established_at: new Date().toISOString(),
  connection_closed_at: null,
  close_reason: null,
  commands_executed: 0,
  files_transferred: 0,
  total_bytes_transferred: 0,
});
