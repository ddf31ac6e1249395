import { integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { CalendarDefinition, Instance } from '#jobs/calendars/definition.ts';
import { authored, big, owned, time } from './columns.ts';

/** A named set of times. */
export const calendars = pgTable('calendars', {
  ...owned(),
  name: text().notNull(),
  version: integer().notNull(),
  source: text().notNull(),
  format: text().$type<'yaml' | 'json'>().notNull(),
  definition: jsonb().$type<CalendarDefinition>().notNull(),
  /** Null: that of whatever uses it. */
  timezone: text(),
  ...authored(),
});

/** The events that a calendar imports, as they were when last read. */
export const calendarFeeds = pgTable('calendar_feeds', {
  calendar_id: uuid().primaryKey(),
  /** Null: it was uploaded. */
  url: text(),
  refresh_ms: big(),
  text: text().notNull(),
  hash: text().notNull(),
  instances: jsonb().$type<readonly Instance[]>().notNull(),
  events: integer().notNull(),
  expanded_from: time().notNull(),
  expanded_to: time().notNull(),
  /** The version of the zone data by which they were worked out. */
  zone_data: text().notNull(),
  etag: text(),
  last_modified: text(),
  fetched_at: time().notNull(),
  tried_at: time().notNull(),
  attempts: integer().notNull(),
  problem: text(),
  due_at: time().notNull(),
});

/** A text that a worker has read from elsewhere for somebody who is about to save a calendar. */
export const calendarReads = pgTable('calendar_reads', {
  id: uuid().primaryKey(),
  text: text().notNull(),
  etag: text(),
  last_modified: text(),
  read_at: time().notNull(),
});

export type CalendarReadRow = typeof calendarReads.$inferSelect;
export type CalendarRow = typeof calendars.$inferSelect;
export type CalendarFeedRow = typeof calendarFeeds.$inferSelect;
