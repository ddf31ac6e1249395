import { integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { JsonObject } from '#jobs/json.ts';
import type { RunInput } from '#workflows/messages.ts';
import { time } from './columns.ts';
import type { SealedFields } from './targets.ts';

/** What Temporal is owed: the start of a run that was accepted, or word that a run was cancelled whose start may be under way. */
export const outbox = pgTable('outbox', {
  id: uuid().primaryKey(),
  run: uuid().notNull().unique(),
  kind: text().$type<'start' | 'cancel'>().notNull(),
  payload: jsonb().$type<RunInput>().notNull(),
  attempts: integer().notNull(),
  next_at: time().notNull(),
  created_at: time().notNull(),
});

/** Secret parameters of runs that have not ended. */
export const runSecrets = pgTable('run_secrets', {
  run_id: uuid().primaryKey(),
  project: text().notNull().default('default'),
  sealed: jsonb().$type<SealedFields>().notNull(),
  created_at: time().notNull().defaultNow(),
});

/** Which run a start with this key made, or what was answered to what was done to a run with it, so that the same request made again does nothing a second time. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    project: text().notNull(),
    actor: text().notNull(),
    key: text().notNull(),
    body_hash: text().notNull(),
    run: uuid().notNull(),
    created_at: time().notNull(),
    answer: jsonb().$type<JsonObject>(),
  },
  (table) => [primaryKey({ columns: [table.project, table.actor, table.key] })],
);
