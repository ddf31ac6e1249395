import { integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { RunAhead } from '#jobs/ahead/look-ahead.ts';
import type { JsonObject } from '#jobs/json.ts';
import type { TargetChoice } from '#jobs/target-choice.ts';
import { owned, time } from './columns.ts';

/** What a run would do, with what it would start with; secret parameters are not among it. */
export const plans = pgTable('plans', {
  ...owned(),
  job: text().notNull(),
  job_id: uuid().notNull(),
  version: integer().notNull(),
  hash: text().notNull(),
  parameters: jsonb().$type<JsonObject>().notNull(),
  target: jsonb().$type<TargetChoice>(),
  steps: jsonb().$type<readonly string[]>(),
  ahead: jsonb().$type<RunAhead>().notNull(),
  created_at: time().notNull().defaultNow(),
  created_by: text().notNull(),
});
export type PlanRow = typeof plans.$inferSelect;
