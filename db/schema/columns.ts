import { bigint, customType, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/** A point in time; ISO 8601 text in UTC, to the millisecond. */
export const time = () => timestamp({ withTimezone: true, mode: 'string' });

/** A whole number below 2^53. */
export const big = () => bigint({ mode: 'number' });

/** Bytes as they are. */
export const bytes = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });

/** What everything a person owns starts with. */
export const owned = () => ({
  id: uuid().primaryKey(),
  project: text().notNull().default('default'),
});

/** Who made it and who changed it last. */
export const authored = () => ({
  created_at: time().notNull().defaultNow(),
  created_by: text().notNull(),
  updated_at: time().notNull().defaultNow(),
  updated_by: text().notNull(),
});
