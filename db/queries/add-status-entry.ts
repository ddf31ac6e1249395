import { type Audit, writeAudit } from '../audit.ts';
import type { Sql } from '../client.ts';
import { notify } from '../notices.ts';
import type { RunRow } from '../schema/runs.ts';

/** Adds to a run's history what somebody outside says of it, beside the status it has; its progress never falls. */
export const addStatusEntry = async (
  sql: Sql,
  { id, project, status, waiting_for }: Pick<RunRow, 'id' | 'project' | 'status' | 'waiting_for'>,
  { message, progress }: { readonly message: string | null; readonly progress: number | null },
  audit: Audit,
): Promise<void> => {
  await sql.begin(async (tx) => {
    await tx`
      insert into status_history (run_id, status, waiting_for, message, progress, actor)
      values (${id}, ${status}, ${waiting_for}, ${message}, ${progress}, ${audit.actor})`;
    await tx`
      update runs set message = coalesce(${message}, message), progress = greatest(progress, ${progress ?? 0}), status_history_count = status_history_count + 1,
        status_actor = ${audit.actor}, status_at = now(), updated_at = now()
      where id = ${id}`;
    await writeAudit(tx, audit, { project, action: 'run.note', subject_kind: 'run', subject: id, after: { message, progress } });
    await notify(tx, { runs: [id] });
  });
};
