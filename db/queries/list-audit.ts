import type { Queryable } from '../client.ts';
import { type Page, pageOf, readCursor, writeCursor } from '../cursor.ts';
import type { AuditEntryRow } from '../schema/audit.ts';
import { hasValues } from './has-values.ts';

export interface AuditQuery {
  readonly project: string;
  readonly actor?: string | undefined;
  readonly subject_kind?: string | undefined;
  readonly subject?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** A page of the audit, newest first, strictly after the cursor. Served by audit_entries_project_id, by audit_entries_subject or audit_entries_actor when filtered. */
export const listAudit = async (sql: Queryable, query: AuditQuery): Promise<Page<AuditEntryRow>> => {
  const { project, actor, subject_kind, subject, limit } = query;
  const [after] = query.after === undefined ? [] : readCursor(query.after, 'id', ([id]) => typeof id === 'string' && UUID.test(id));
  const rows = await sql<AuditEntryRow[]>`
    select id, project, at, actor, action, subject_kind, subject, before, after, request_id, reason from audit_entries
    where project = ${project}
      ${hasValues(sql, { actor, subject_kind, subject })}
      ${after === undefined ? sql`` : sql`and id < ${String(after)}`}
    order by id desc limit ${limit + 1}`;
  return pageOf(rows, limit, ({ id }) => writeCursor('id', [id]));
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
