import { boolean, pgTable, text } from 'drizzle-orm/pg-core';
import { big, time } from './columns.ts';

/** One row: how far the log files are, and which worker writes them. */
export const logFiles = pgTable('log_files', {
  id: boolean().primaryKey(),
  position: big().notNull(),
  since: time().notNull(),
  holder: text(),
  held_until: time(),
  host: text(),
  dir: text(),
  problem: text(),
  problem_since: time(),
  written_at: time(),
  tidied_at: time().notNull(),
  cleaned_at: time().notNull(),
});

export type LogFilesRow = typeof logFiles.$inferSelect;
