import { bigint, boolean, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { StepError } from '#jobs/failure.ts';
import type { Json } from '#jobs/json.ts';
import { big, time } from './columns.ts';
import type { CheckStage, TransferOperation, TransferStatus } from './words.ts';

/** How one stage of a look at a target went; `found` is what it learned, e.g. bytes free or the clock's skew in milliseconds. */
export interface StageResult {
  readonly stage: CheckStage;
  readonly ms: number;
  readonly ok: boolean;
  readonly found: Json;
}

/** One look at one target. */
export const targetChecks = pgTable('target_checks', {
  id: uuid().primaryKey(),
  project: text().notNull().default('default'),
  target: text().notNull(),
  at: time().notNull().defaultNow(),
  healthy: boolean().notNull(),
  stage: text().$type<CheckStage>(),
  error: jsonb().$type<StepError>(),
  latency_ms: integer(),
  stages: jsonb().$type<readonly StageResult[]>().notNull(),
  worker_id: text().notNull(),
  actor: text().notNull(),
});

/** A host on the way to a target. */
export interface Hop {
  readonly target: string;
  readonly host: string;
  readonly port: number;
  readonly host_key_fingerprint: string;
}

/** One authenticated connection to a host. */
export const sshSessions = pgTable('ssh_sessions', {
  session_id: uuid().primaryKey(),
  project: text().notNull().default('default'),
  target: text().notNull(),
  host: text().notNull(),
  port: integer().notNull(),
  username: text().notNull(),
  server_version: text(),
  host_key_fingerprint: text(),
  hops: jsonb().$type<readonly Hop[]>().notNull().default([]),
  worker_id: text().notNull(),
  connection_established_at: time().notNull(),
  connection_closed_at: time(),
  close_reason: text(),
  commands_executed: integer().notNull().default(0),
  files_transferred: integer().notNull().default(0),
  total_bytes_transferred: big().notNull().default(0),
});

/** Which steps used which session. */
export const sessionUses = pgTable(
  'session_uses',
  {
    run_id: uuid().notNull(),
    key: text().notNull(),
    session_id: uuid().notNull(),
    at: time().notNull().defaultNow(),
  },
  (use) => [primaryKey({ columns: [use.run_id, use.key, use.session_id] })],
);

const ofExecution = () => ({
  run_id: uuid().notNull(),
  key: text().notNull(),
  attempt: integer().notNull(),
  number: integer().notNull(),
  target: text(),
});

/** One command of a step. */
export const commandResults = pgTable(
  'command_results',
  {
    ...ofExecution(),
    command: text().notNull(),
    output: text().notNull().default(''),
    error: text().notNull().default(''),
    exit_code: integer(),
    executed_at: time().notNull(),
    duration_ms: big(),
    parsed: jsonb().$type<Json>(),
    /** Where its lines stand in the step's log; null where the step does not tell them apart. */
    first_line: integer(),
    last_line: integer(),
  },
  (row) => [primaryKey({ columns: [row.run_id, row.key, row.attempt, row.number] })],
);

/** One file brought over, or to be. */
export const fileTransfers = pgTable(
  'file_transfers',
  {
    ...ofExecution(),
    operation_type: text().$type<TransferOperation>().notNull(),
    local_path: text(),
    remote_path: text().notNull(),
    file_size: big(),
    bytes_transferred: big().notNull().default(0),
    transfer_rate_bps: bigint({ mode: 'number' }),
    status: text().$type<TransferStatus>().notNull(),
    started_at: time().notNull(),
    completed_at: time(),
    error_message: text(),
    resumed_from: big().notNull().default(0),
    sha256: text(),
  },
  (row) => [primaryKey({ columns: [row.run_id, row.key, row.attempt, row.number] })],
);

/** Where a step may have left something on a host. */
export const remoteWork = pgTable(
  'remote_work',
  {
    run_id: uuid().notNull(),
    key: text().notNull(),
    project: text().notNull().default('default'),
    target: text().notNull(),
    type: text().notNull(),
    created_at: time().notNull().defaultNow(),
    next_at: time().notNull().defaultNow(),
    tries: integer().notNull().default(0),
  },
  (row) => [primaryKey({ columns: [row.run_id, row.key, row.target] })],
);

export type TargetCheckRow = typeof targetChecks.$inferSelect;
export type SshSessionRow = typeof sshSessions.$inferSelect;
export type CommandResultRow = typeof commandResults.$inferSelect;
export type FileTransferRow = typeof fileTransfers.$inferSelect;
