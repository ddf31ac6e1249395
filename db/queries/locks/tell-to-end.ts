import { writeAudits } from '../../audit.ts';
import type { Sql } from '../../client.ts';

/** Notes that runs were asked to end for another that wants what they hold; the audit says for whom. */
export const markToldToEnd = (sql: Sql, project: string, key: string, runs: readonly string[], reason: string): Promise<void> =>
  sql.begin(async (tx) => {
    const told = await tx<{ run_id: string }[]>`
      update lock_claims set is_told_to_end = true
      where project = ${project} and key = ${key} and run_id = any(${runs}::uuid[]) and not is_told_to_end returning run_id`;
    const ended = [...new Set(told.map(({ run_id }) => run_id))];
    if (ended.length === 0) return;
    await writeAudits(
      tx,
      { actor: 'system', request_id: null, reason },
      ended.map((run) => ({ project, action: 'run.cancel', subject_kind: 'run', subject: run, after: { lock: key } })),
    );
  });
