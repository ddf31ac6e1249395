import { integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { time } from './columns.ts';

/** A worker process as it last reported; `slots` is per queue what is used, what there is, and how many steps wait in the worker until one is free. */
export const workers = pgTable('workers', {
  id: text().primaryKey(),
  host: text().notNull(),
  pid: integer().notNull(),
  build: text(),
  queues: text().array().notNull(),
  slots: jsonb()
    .$type<{ readonly [queue: string]: { readonly used: number; readonly total: number; readonly waiting?: number } }>()
    .notNull(),
  started_at: time().notNull(),
  last_seen_at: time().notNull(),
});

export type WorkerRow = typeof workers.$inferSelect;
