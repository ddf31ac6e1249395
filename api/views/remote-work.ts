import { z } from 'zod';
import { TRANSFER_OPERATIONS, TRANSFER_STATUSES } from '#db/schema/words.ts';
import { instant, json } from './json.ts';

const ofExecution = {
  run_id: z.string(),
  key: z.string(),
  attempt: z.number().meta({ description: 'the one that began the execution' }),
  number: z.number().meta({ description: 'place in the step, from 1' }),
  target: z.string().nullable(),
};

/** One command of a step. */
export const CommandView = z
  .object({
    ...ofExecution,
    command: z.string(),
    output: z.string(),
    error: z.string(),
    exit_code: z.number().nullable(),
    executed_at: instant,
    duration_ms: z.number().nullable(),
    parsed: json,
    first_line: z
      .number()
      .nullable()
      .meta({ description: 'where its lines begin in the step’s log; null where the step does not tell them apart' }),
    last_line: z.number().nullable(),
  })
  .meta({ id: 'Command' });
export type CommandView = z.infer<typeof CommandView>;

/** One file of a step: brought over, or on its way. */
export const TransferView = z
  .object({
    ...ofExecution,
    operation_type: z.enum(TRANSFER_OPERATIONS),
    local_path: z.string().nullable(),
    remote_path: z.string(),
    file_size: z.number().nullable(),
    bytes_transferred: z.number(),
    transfer_rate_bps: z.number().nullable().meta({ description: 'bits a second' }),
    status: z.enum(TRANSFER_STATUSES),
    started_at: instant,
    completed_at: instant.nullable(),
    error_message: z.string().nullable(),
    resumed_from: z.number().meta({ description: 'bytes that an earlier attempt had brought over' }),
    sha256: z.string().nullable(),
  })
  .meta({ id: 'Transfer' });
export type TransferView = z.infer<typeof TransferView>;

/** One authenticated connection; it may serve several steps. */
export const SessionView = z
  .object({
    session_id: z.string(),
    project: z.string(),
    target: z.string(),
    host: z.string(),
    port: z.number(),
    username: z.string(),
    server_version: z.string().nullable(),
    host_key_fingerprint: z.string().nullable(),
    hops: z.array(z.object({ target: z.string(), host: z.string(), port: z.number(), host_key_fingerprint: z.string() })),
    worker_id: z.string(),
    connection_established_at: instant,
    connection_closed_at: instant.nullable(),
    close_reason: z.string().nullable(),
    commands_executed: z.number(),
    files_transferred: z.number(),
    total_bytes_transferred: z.number(),
  })
  .meta({ id: 'Session' });
export type SessionView = z.infer<typeof SessionView>;
