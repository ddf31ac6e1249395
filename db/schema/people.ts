import { boolean, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { JsonObject } from '#jobs/json.ts';
import { time } from './columns.ts';
import type { Role } from './words.ts';

export type { Role } from './words.ts';

/** Someone who may log in. */
export const users = pgTable('users', {
  id: uuid().primaryKey(),
  name: text().notNull().unique(),
  display_name: text(),
  role: text().$type<Role>().notNull(),
  password_hash: text(),
  must_change_password: boolean().notNull(),
  active: boolean().notNull(),
  version: integer().notNull(),
  created_at: time().notNull(),
  updated_at: time().notNull(),
  last_login_at: time(),
});

/** A set of users, who hold its role beside their own. */
export const groups = pgTable('groups', {
  id: uuid().primaryKey(),
  name: text().notNull().unique(),
  description: text(),
  role: text().$type<Role>(),
  version: integer().notNull(),
  created_at: time().notNull(),
  updated_at: time().notNull(),
});

export const groupMembers = pgTable('group_members', { group_id: uuid().notNull(), user_id: uuid().notNull() }, (table) => [
  primaryKey({ columns: [table.group_id, table.user_id] }),
]);

/** A login in a browser, found by the SHA-256 of its cookie. */
export const sessions = pgTable('sessions', {
  hash: text().primaryKey(),
  user_id: uuid().notNull(),
  address: text(),
  user_agent: text(),
  created_at: time().notNull(),
  last_seen_at: time().notNull(),
  expires_at: time().notNull(),
});

/** What someone prefers about the page; a row once they have chosen anything. */
export const userPreferences = pgTable('user_preferences', {
  user_id: uuid().primaryKey(),
  preferences: jsonb().$type<JsonObject>().notNull(),
  version: integer().notNull(),
  updated_at: time().notNull(),
});

/** A personal access token, found by its SHA-256; `prefix` is what a list may show of it, `role` the most it may do. */
export const tokens = pgTable('tokens', {
  id: uuid().primaryKey(),
  user_id: uuid().notNull(),
  name: text().notNull(),
  prefix: text().notNull(),
  hash: text().notNull().unique(),
  role: text().$type<Role>().notNull(),
  created_at: time().notNull(),
  expires_at: time(),
  last_used_at: time(),
  revoked_at: time(),
});

export type UserRow = typeof users.$inferSelect;
export type GroupRow = typeof groups.$inferSelect;
export type TokenRow = typeof tokens.$inferSelect;
