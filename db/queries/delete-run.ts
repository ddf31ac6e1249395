import { type Audit, writeAudit } from '../audit.ts';
import type { Sql, Transaction } from '../client.ts';
import { NotFound, RunNotEnded } from '../conflicts.ts';
import { notify } from '../notices.ts';
import { doOnce } from './change-once.ts';
import type { OwnedKey } from './take-key.ts';

/** Deletes an ended run and all its rows; writers that come late leave none behind. Once for a key; its counts stay. Throws NotFound, RunNotEnded, IdempotencyConflict. */
export const deleteRun = (sql: Sql, project: string, id: string, audit: Audit, key: OwnedKey | null = null): Promise<void> =>
  doOnce(sql, key, async (tx) => {
    const [run] = await tx<{ status: string; job: string; number: number; ended_at: string | null }[]>`
      select status, job, number, ended_at from runs where id = ${id} and project = ${project} for update`;
    if (!run) throw new NotFound('run', id);
    if (run.ended_at === null) throw new RunNotEnded(id, run.status);
    await deleteRunRows(tx, [id]);
    await writeAudit(tx, audit, {
      project,
      action: 'run.delete',
      subject_kind: 'run',
      subject: id,
      before: { job: run.job, number: run.number, status: run.status },
    });
    await notify(tx, { runs: [id] });
  });

/** Deletes everything about these runs, which must have ended; nothing is written down. */
export const deleteRunRows = async (tx: Transaction, ids: readonly string[]): Promise<void> => {
  const runs = [...ids];
  await tx`delete from log_chunks where run_id = any(${runs}::uuid[])`;
  await tx`delete from status_history where run_id = any(${runs}::uuid[])`;
  await tx`delete from step_attempts where run_id = any(${runs}::uuid[])`;
  await tx`delete from run_steps where run_id = any(${runs}::uuid[])`;
  await tx`delete from command_results where run_id = any(${runs}::uuid[])`;
  await tx`delete from file_transfers where run_id = any(${runs}::uuid[])`;
  await tx`delete from step_overrides where run_id = any(${runs}::uuid[])`;
  await tx`delete from run_inputs where run_id = any(${runs}::uuid[])`;
  await tx`delete from session_uses where run_id = any(${runs}::uuid[])`;
  await tx`delete from notices where run_id = any(${runs}::uuid[])`;
  await tx`delete from webhook_arrivals where run_id = any(${runs}::uuid[])`;
  await tx`delete from outbox where run = any(${runs}::uuid[])`;
  await tx`delete from idempotency_keys where run = any(${runs}::uuid[])`;
  await tx`delete from runs where id = any(${runs}::uuid[])`;
};
