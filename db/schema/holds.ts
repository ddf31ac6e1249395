import { integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { NoticeKind } from '#jobs/holds/kind.ts';
import type { Json } from '#jobs/json.ts';
import { owned, time } from './columns.ts';

/** What people are told of steps that wait. */
export const notices = pgTable('notices', {
  ...owned(),
  run_id: uuid().notNull(),
  key: text().notNull(),
  job: text().notNull(),
  kind: text().$type<NoticeKind>().notNull(),
  number: integer().notNull(),
  recipients: text().array().notNull(),
  message: text().notNull(),
  at: time().notNull(),
});

/** What was posted to the addresses of steps, each of which takes one body. */
export const webhookArrivals = pgTable(
  'webhook_arrivals',
  {
    run_id: uuid().notNull(),
    key: text().notNull(),
    project: text().notNull(),
    body: jsonb().$type<Json>().notNull(),
    arrived_at: time().notNull(),
    delivered_at: time(),
    next_at: time().notNull(),
    tries: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.run_id, table.key] })],
);

export type NoticeRow = typeof notices.$inferSelect;
