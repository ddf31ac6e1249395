import { boolean, integer, jsonb, pgTable, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core';
import type { BackfillFireStatus, BackfillOrder, BackfillStatus, Reprocess } from '#jobs/backfills/words.ts';
import type { JsonObject } from '#jobs/json.ts';
import type { RunStatus } from '#jobs/run-state.ts';
import { owned, time } from './columns.ts';

/** Moments of a schedule's past that a person wants to be started. */
export const backfills = pgTable('backfills', {
  ...owned(),
  schedule_id: uuid().notNull(),
  schedule: text().notNull(),
  from_at: time().notNull(),
  to_at: time().notNull(),
  reprocess: text().$type<Reprocess>().notNull(),
  max_active: integer().notNull(),
  in_order: text().$type<BackfillOrder>().notNull(),
  ignore_calendars: boolean().notNull().default(false),
  /** Instead of those of the schedule, name by name. */
  parameters: jsonb().$type<JsonObject>(),
  note: text(),
  actor: text().notNull(),
  status: text().$type<BackfillStatus>().notNull().default('running'),
  /** Of the moments in order: what a dry run listed is what runs. */
  list_hash: text().notNull(),
  total: integer().notNull(),
  started: integer().notNull().default(0),
  ended: integer().notNull().default(0),
  /** Of those that ended. */
  failed: integer().notNull().default(0),
  refused: integer().notNull().default(0),
  created_at: time().notNull().defaultNow(),
  updated_at: time().notNull().defaultNow(),
  ended_at: time(),
});
export type BackfillRow = typeof backfills.$inferSelect;

/** The moments, fixed when it was asked for, and what became of each. */
export const backfillFires = pgTable(
  'backfill_fires',
  {
    backfill_id: uuid().notNull(),
    n: integer().notNull(),
    nominal_at: time().notNull(),
    /** Which run of this moment it becomes. */
    again: smallint().notNull(),
    /** The run of this moment that is repeated; null: it has none. */
    earlier_run: uuid(),
    status: text().$type<BackfillFireStatus>().notNull().default('pending'),
    error: text(),
    run: uuid(),
    run_status: text().$type<RunStatus>(),
    ended_at: time(),
  },
  (table) => [primaryKey({ columns: [table.backfill_id, table.n] })],
);
export type BackfillFireRow = typeof backfillFires.$inferSelect;

/** What a dry run listed. */
export const backfillDryRuns = pgTable('backfill_dry_runs', {
  list_hash: text().primaryKey(),
  schedule_id: uuid().notNull(),
  fires: jsonb().$type<readonly (readonly [at: number, again: number, earlierRun: string | null])[]>().notNull(),
  created_at: time().notNull().defaultNow(),
});
