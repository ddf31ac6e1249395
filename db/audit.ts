import { v7 as uuidv7 } from 'uuid';
import type { Json } from '#jobs/json.ts';
import { jsonRows, type Queryable } from './client.ts';

/** Who asks for a change; every query that changes something takes one. */
export interface Audit {
  readonly actor: string;
  readonly request_id: string | null;
  readonly reason?: string | null | undefined;
}

/** What changed; `before` and `after` never hold secrets. */
export interface Change {
  readonly project?: string;
  /** Like `job.save`: the subject's kind and the verb. */
  readonly action: string;
  readonly subject_kind: string;
  /** Its name, or its id if it has none. */
  readonly subject: string;
  readonly before?: object | null | undefined;
  readonly after?: object | null | undefined;
}

/** A change as one row of the audit. */
export const auditEntry = (audit: Audit, change: Change) => ({
  id: uuidv7(),
  project: change.project ?? 'default',
  actor: audit.actor,
  action: change.action,
  subject_kind: change.subject_kind,
  subject: change.subject,
  before: (change.before ?? null) as Json,
  after: (change.after ?? null) as Json,
  request_id: audit.request_id,
  reason: audit.reason ?? null,
});

/** Writes down a change in the transaction that makes it. */
export const writeAudit = (tx: Queryable, audit: Audit, change: Change): Promise<void> => writeAudits(tx, audit, [change]);

/** Writes down changes, an entry each, in the transaction that makes them. */
export const writeAudits = async (tx: Queryable, audit: Audit, changes: readonly Change[]): Promise<void> => {
  const entries = changes.map((change) => auditEntry(audit, change));
  await tx`
    insert into audit_entries (id, project, actor, action, subject_kind, subject, before, after, request_id, reason)
    select id, project, actor, action, subject_kind, subject, before, after, request_id, reason
    from jsonb_to_recordset(${jsonRows(tx, entries)}) as (
      id uuid, project text, actor text, action text, subject_kind text, subject text, before jsonb, after jsonb, request_id text,
      reason text)`;
};
