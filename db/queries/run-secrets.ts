import { jsonRows, type Queryable, type Sql } from '../client.ts';
import type { SealedFields } from '../schema/targets.ts';

/** The secret parameters of a run that has not ended; null when it has none, or has ended. Served by the primary key. */
export const readRunSecrets = async (sql: Queryable, project: string, run: string): Promise<SealedFields | null> => {
  const [row] = await sql<{ sealed: SealedFields }[]>`select sealed from run_secrets where run_id = ${run} and project = ${project}`;
  return row?.sealed ?? null;
};

const BATCH = 100;

/** Hands the secret parameters of every run under way to `change` and keeps what it answers; null leaves them as they are. */
export const rewrapRunSecrets = async (
  sql: Sql,
  project: string,
  change: (run: string, sealed: SealedFields) => SealedFields | null,
): Promise<void> => {
  for (let after: string | null = null; ; ) {
    const last: { readonly run_id: string }[] = await sql.begin(async (tx) => {
      const rows = await tx<{ run_id: string; sealed: SealedFields }[]>`
        select run_id, sealed from run_secrets where project = ${project} ${after === null ? tx`` : tx`and run_id > ${after}`}
        order by run_id limit ${BATCH} for update`;
      const changed = rows.flatMap(({ run_id, sealed }) => {
        const now = change(run_id, sealed);
        return now === null ? [] : [{ run_id, sealed: now }];
      });
      await tx`
        update run_secrets s set sealed = changed.sealed
        from jsonb_to_recordset(${jsonRows(tx, changed)}) as changed (run_id uuid, sealed jsonb) where s.run_id = changed.run_id`;
      return rows.slice(BATCH - 1).map(({ run_id }) => ({ run_id }));
    });
    after = last[0]?.run_id ?? null;
    if (after === null) return;
  }
};
