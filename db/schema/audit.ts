import { jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { Json } from '#jobs/json.ts';
import { big, owned, time } from './columns.ts';

/** Who did what to what; the database refuses to change or delete one. */
export const auditEntries = pgTable('audit_entries', {
  ...owned(),
  at: time().notNull(),
  actor: text().notNull(),
  action: text().notNull(),
  subject_kind: text().notNull(),
  subject: text().notNull(),
  before: jsonb().$type<Json>(),
  after: jsonb().$type<Json>(),
  request_id: text(),
  reason: text(),
  /** The transaction that wrote it. */
  tx: big(),
});

export type AuditEntryRow = Omit<typeof auditEntries.$inferSelect, 'tx'>;
