import type { Sql } from '#db/client.ts';
import { type CommandRecord, recordCommands } from '#db/queries/record-commands.ts';
import { recordTransfers, type TransferRecord } from '#db/queries/record-transfers.ts';
import type { Logger } from '#platform/logging.ts';
import type { CommandResult, FileTransfer } from '../contract.ts';
import { isDatabaseAway } from './database-away.ts';
import { GroupCommit } from './group-commit.ts';
import type { Masker } from './mask.ts';

/** A row that a step tells of its work. */
export type StepRow =
  | { readonly kind: 'command'; readonly row: CommandRecord }
  | { readonly kind: 'transfer'; readonly row: TransferRecord };

/** Writes the commands and files that all steps of a worker tell of, many in one statement, in their order. */
export type StepRows = GroupCommit<StepRow>;

export const createStepRows = (sql: Sql, log: Logger): StepRows =>
  new GroupCommit<StepRow>({
    write: async (batch) => {
      await recordCommands(
        sql,
        batch.flatMap((one) => (one.kind === 'command' ? [one.row] : [])),
      );
      await recordTransfers(
        sql,
        batch.flatMap((one) => (one.kind === 'transfer' ? [one.row] : [])),
      );
    },
    weigh: (one) => 500 + (one.kind === 'command' ? one.row.output.length + one.row.error.length : 0),
    delayMs: 5,
    maxBatch: 200,
    maxPending: 4 * 1024 * 1024,
    isPassing: isDatabaseAway,
    onDropped: ({ kind, row: { run, key, number } }, error) =>
      log.error({ err: error, run, key, kind, number }, 'a row of a step could not be recorded'),
  });

/** The step, its execution and its target, as such rows name them. */
export type RowPlace = Pick<CommandRecord, 'run' | 'key' | 'attempt' | 'target'>;

/** Bytes of a command's output, and of its errors, that its row keeps: the last ones. */
const KEPT_BYTES = 65_536;

/** The row of a command: masked, its texts clamped. */
export const commandRow = (place: RowPlace, masker: Masker, told: CommandResult): StepRow => ({
  kind: 'command',
  row: {
    ...place,
    number: told.number,
    command: masker.text(told.command),
    output: lastOf(masker.text(told.output)),
    error: lastOf(masker.text(told.error)),
    exit_code: told.exit_code,
    executed_at: told.executed_at,
    duration_ms: whole(told.duration_ms),
    parsed: masker.json(told.parsed),
    first_line: told.first_line ?? null,
    last_line: told.last_line ?? null,
  },
});

/** The row of a file, masked. */
export const transferRow = (place: RowPlace, masker: Masker, told: FileTransfer): StepRow => ({
  kind: 'transfer',
  row: {
    ...place,
    ...told,
    local_path: told.local_path === null ? null : masker.text(told.local_path),
    remote_path: masker.text(told.remote_path),
    error_message: told.error_message === null ? null : masker.text(told.error_message),
    transfer_rate_bps: whole(told.transfer_rate_bps),
  },
});

const whole = (value: number | null): number | null => (value === null ? null : Math.round(value));

function lastOf(text: string): string {
  // No text of so few characters has more bytes than are kept.
  if (text.length * 3 <= KEPT_BYTES) return text;
  const bytes = Buffer.from(text);
  if (bytes.length <= KEPT_BYTES) return text;
  let from = bytes.length - KEPT_BYTES;
  while (((bytes[from] ?? 0) & 0xc0) === 0x80) from += 1;
  return bytes.toString('utf8', from);
}
