import { integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { BulkAction, BulkItemStatus, BulkStatus, BulkSubject } from '#jobs/bulk.ts';
import { owned, time } from './columns.ts';

/** One thing done to many runs or jobs. */
export const bulkOperations = pgTable('bulk_operations', {
  ...owned(),
  subject_kind: text().$type<BulkSubject>().notNull(),
  action: text().$type<BulkAction>().notNull(),
  reason: text(),
  actor: text().notNull(),
  status: text().$type<BulkStatus>().notNull().default('running'),
  total: integer().notNull(),
  done: integer().notNull().default(0),
  failed: integer().notNull().default(0),
  created_at: time().notNull().defaultNow(),
  updated_at: time().notNull().defaultNow(),
  ended_at: time(),
});
export type BulkRow = typeof bulkOperations.$inferSelect;

/** What it is done to, fixed when it was asked for, and what became of each. */
export const bulkItems = pgTable(
  'bulk_items',
  {
    bulk_id: uuid().notNull(),
    n: integer().notNull(),
    subject: text().notNull(),
    status: text().$type<BulkItemStatus>().notNull().default('pending'),
    error: text(),
    made: uuid(),
    ended_at: time(),
  },
  (table) => [primaryKey({ columns: [table.bulk_id, table.n] })],
);
export type BulkItemRow = typeof bulkItems.$inferSelect;
