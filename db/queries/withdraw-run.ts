import { type Audit, writeAudit } from '../audit.ts';
import type { Sql } from '../client.ts';
import { recordRuns } from './record-runs.ts';

/** Cancels a run whose start is still owed, so that no workflow starts any more; false when nothing is owed. */
export const withdrawRun = async (sql: Sql, project: string, id: string, audit: Audit): Promise<boolean> =>
  sql.begin(async (tx) => {
    const [run] = await tx<{ seq: number; progress: number }[]>`
      select r.seq, r.progress from outbox o join runs r on r.id = o.run
      where o.run = ${id} and r.project = ${project} and r.ended_at is null for update of o`;
    if (!run) return false;
    await tx`delete from outbox where run = ${id}`;
    const snapshot = {
      seq: run.seq + 1,
      status: 'cancelled',
      waiting_for: null,
      message: audit.reason ?? 'cancelled before it started',
      error_message: null,
      completed_steps: 0,
      failed_steps: 0,
      progress: run.progress,
      actor: audit.actor,
    } as const;
    await recordRuns(tx, [{ run: id, project, snapshot, steps: [], result_data: null }]);
    await writeAudit(tx, audit, { project, action: 'run.cancel', subject_kind: 'run', subject: id });
    return true;
  });
