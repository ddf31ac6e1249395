import { jsonRows, type Queryable } from '../client.ts';
import { CHANNEL, noticePayloads } from '../notices.ts';
import type { TransferOperation, TransferStatus } from '../schema/words.ts';

/** One file of a step as it stands; `attempt` is the one that began the execution. */
export interface TransferRecord {
  readonly run: string;
  readonly key: string;
  readonly attempt: number;
  readonly number: number;
  readonly target: string | null;
  readonly operation_type: TransferOperation;
  readonly local_path: string | null;
  readonly remote_path: string;
  readonly file_size: number | null;
  readonly bytes_transferred: number;
  readonly transfer_rate_bps: number | null;
  readonly status: TransferStatus;
  readonly started_at: string;
  readonly completed_at: string | null;
  readonly error_message: string | null;
  readonly resumed_from: number;
  readonly sha256: string | null;
}

/** Writes files, of any runs and steps, over what was told of them before; what has completed is not opened again. Files of deleted runs stay deleted. Served by the primary key. */
export const recordTransfers = async (sql: Queryable, transfers: readonly TransferRecord[]): Promise<void> => {
  if (transfers.length === 0) return;
  const rows = [...new Map(transfers.map((row) => [`${row.run} ${row.attempt} ${row.number} ${row.key}`, row])).values()];
  const notice = { transfers: [...new Map(rows.map(({ run, key }) => [`${run} ${key}`, [run, key] as const])).values()] };
  await sql`
    with written as (
      insert into file_transfers as t (run_id, key, attempt, number, target, operation_type, local_path, remote_path, file_size,
        bytes_transferred, transfer_rate_bps, status, started_at, completed_at, error_message, resumed_from, sha256)
      select run, key, attempt, number, target, operation_type, local_path, remote_path, file_size, bytes_transferred,
        transfer_rate_bps, status, started_at, completed_at, error_message, resumed_from, sha256
      from jsonb_to_recordset(${jsonRows(sql, rows)}) as c (
        run uuid, key text, attempt integer, number integer, target text, operation_type text, local_path text, remote_path text,
        file_size bigint, bytes_transferred bigint, transfer_rate_bps bigint, status text, started_at timestamptz,
        completed_at timestamptz, error_message text, resumed_from bigint, sha256 text)
      where exists (select from runs r where r.id = c.run)
      order by run, key, attempt, number
      on conflict (run_id, key, attempt, number) do update set target = excluded.target, operation_type = excluded.operation_type,
        local_path = excluded.local_path, remote_path = excluded.remote_path, file_size = excluded.file_size,
        bytes_transferred = excluded.bytes_transferred, transfer_rate_bps = excluded.transfer_rate_bps, status = excluded.status,
        started_at = excluded.started_at, completed_at = excluded.completed_at, error_message = excluded.error_message,
        resumed_from = excluded.resumed_from, sha256 = excluded.sha256
      where t.status <> 'completed' or excluded.status <> 'running'
    )
    select pg_notify(${CHANNEL}, payload) from unnest(${noticePayloads(notice)}::text[]) as payload`;
};
