import { type Audit, writeAudit } from '../audit.ts';
import { jsonRows, type Sql } from '../client.ts';
import type { CredentialRow, SealedFields } from '../schema/targets.ts';

const BATCH = 100;

/**
 * Hands every credential of a project to `change` and keeps what it answers in place of what was sealed; null leaves it as it is. A batch is one
 * transaction over locked rows: a credential saved meanwhile waits or is seen as saved, and its version stays. Served by the primary key.
 */
export const rewrapCredentials = async (
  sql: Sql,
  project: string,
  change: (credential: CredentialRow) => SealedFields | null,
): Promise<void> => {
  for (let after: string | null = null; ; ) {
    const last: { readonly id: string }[] = await sql.begin(async (tx) => {
      const rows = await tx<CredentialRow[]>`
        select * from credentials where project = ${project} ${after === null ? tx`` : tx`and id > ${after}`}
        order by id limit ${BATCH} for update`;
      const changed = rows.flatMap((row) => {
        const sealed = change(row);
        return sealed === null ? [] : [{ id: row.id, sealed }];
      });
      await tx`
        update credentials c set sealed = changed.sealed
        from jsonb_to_recordset(${jsonRows(tx, changed)}) as changed (id uuid, sealed jsonb) where c.id = changed.id`;
      return rows.slice(BATCH - 1).map(({ id }) => ({ id }));
    });
    after = last[0]?.id ?? null;
    if (after === null) return;
  }
};

/** Writes down that the wrapping key was changed, and how it went. */
export const auditRewrap = (sql: Sql, project: string, report: object, audit: Audit): Promise<void> =>
  writeAudit(sql, audit, { project, action: 'credential.rewrap', subject_kind: 'credential', subject: '*', after: report });
