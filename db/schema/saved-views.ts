import { boolean, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { owned, time } from './columns.ts';

/** A way of looking at a list that someone keeps: the query string of its page. */
export const savedViews = pgTable('saved_views', {
  ...owned(),
  list: text().notNull(),
  name: text().notNull(),
  owner: text().notNull(),
  shared: boolean().notNull(),
  search: text().notNull(),
  version: integer().notNull(),
  created_at: time().notNull(),
  updated_at: time().notNull(),
});
export type SavedViewRow = typeof savedViews.$inferSelect;

/** The view that a list opens with, one a person. */
export const defaultViews = pgTable(
  'default_views',
  { project: text().notNull(), list: text().notNull(), owner: text().notNull(), view: uuid().notNull() },
  (table) => [primaryKey({ columns: [table.project, table.list, table.owner] })],
);
