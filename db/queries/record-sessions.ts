import { jsonRows, type Queryable } from '../client.ts';
import type { Hop } from '../schema/remote.ts';

/** An SSH session as it stands. */
export interface SessionRow {
  readonly session_id: string;
  readonly project: string;
  readonly target: string;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly server_version: string | null;
  readonly host_key_fingerprint: string;
  readonly hops: readonly Hop[];
  readonly worker_id: string;
  readonly connection_established_at: string;
  readonly connection_closed_at: string | null;
  readonly close_reason: string | null;
  readonly commands_executed: number;
  readonly files_transferred: number;
  readonly total_bytes_transferred: number;
}

/** A step that opened a channel on a session. */
export interface SessionUseRow {
  readonly run: string;
  readonly key: string;
  readonly session: string;
}

/** Writes sessions over what was told of them before, and which steps used them; of several rows of a session the last one counts. Served by the primary keys. */
export const recordSessions = async (sql: Queryable, sessions: readonly SessionRow[], uses: readonly SessionUseRow[]): Promise<void> => {
  const rows = [...new Map(sessions.map((row) => [row.session_id, row])).values()];
  await sql`
    with told as (
      insert into ssh_sessions (session_id, project, target, host, port, username, server_version, host_key_fingerprint, hops, worker_id,
        connection_established_at, connection_closed_at, close_reason, commands_executed, files_transferred, total_bytes_transferred)
      select session_id, project, target, host, port, username, server_version, host_key_fingerprint, hops, worker_id,
        connection_established_at, connection_closed_at, close_reason, commands_executed, files_transferred, total_bytes_transferred
      from jsonb_populate_recordset(null::ssh_sessions, ${jsonRows(sql, rows)})
      order by session_id
      on conflict (session_id) do update set connection_closed_at = excluded.connection_closed_at, close_reason = excluded.close_reason,
        commands_executed = excluded.commands_executed, files_transferred = excluded.files_transferred,
        total_bytes_transferred = excluded.total_bytes_transferred
    )
    insert into session_uses (run_id, key, session_id)
    select distinct u.run, u.key, u.session
    from jsonb_to_recordset(${jsonRows(sql, uses)}) as u (run uuid, key text, session uuid)
    where exists (select from runs r where r.id = u.run)
    on conflict do nothing`;
};
