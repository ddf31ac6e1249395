import { FINAL_SEQ } from '#workflows/messages.ts';
import { type Audit, writeAudit } from '../audit.ts';
import type { Sql } from '../client.ts';
import { recordRuns } from './record-runs.ts';

/** Until then a start that was under way has happened, or has been given up. */
const GRACE_SECONDS = 3;

/** Cancels a run whose start is still owed; instead of the start, word of the cancel is owed to a workflow whose start may be under way. False when no start is owed. */
export const withdrawRun = async (sql: Sql, project: string, id: string, audit: Audit): Promise<boolean> =>
  sql.begin(async (tx) => {
    const [run] = await tx<{ progress: number; completed_steps: number }[]>`
      select r.progress, r.completed_steps from outbox o join runs r on r.id = o.run
      where o.run = ${id} and o.kind = 'start' and r.project = ${project} and r.ended_at is null for update of o`;
    if (!run) return false;
    await tx`
      update outbox set kind = 'cancel', attempts = 0, next_at = now() + make_interval(secs => ${GRACE_SECONDS}) where run = ${id}`;
    const snapshot = {
      seq: FINAL_SEQ,
      status: 'cancelled',
      waiting_for: null,
      message: audit.reason ?? 'cancelled before it started',
      error_message: null,
      completed_steps: run.completed_steps,
      failed_steps: 0,
      progress: run.progress,
      actor: audit.actor,
    } as const;
    await recordRuns(tx, [{ run: id, project, snapshot, steps: [], result_data: null }]);
    await writeAudit(tx, audit, { project, action: 'run.cancel', subject_kind: 'run', subject: id, after: { outcome: 'withdrawn' } });
    return true;
  });
