import { integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { time } from './columns.ts';

/** A worker process as it last reported; `slots` is per queue what is used and what there is. */
export const workers = pgTable('workers', {
  id: text().primaryKey(),
  host: text().notNull(),
  pid: integer().notNull(),
  build: text(),
  queues: text().array().notNull(),
  slots: jsonb().$type<{ readonly [queue: string]: { readonly used: number; readonly total: number } }>().notNull(),
  started_at: time().notNull(),
  last_seen_at: time().notNull(),
});

export type WorkerRow = typeof workers.$inferSelect;
