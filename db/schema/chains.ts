import { integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { TriggerDefinition } from '#jobs/definition.ts';
import type { EndStatus } from '#jobs/definition-words.ts';
import type { Problem } from '#jobs/problem.ts';
import { owned, time } from './columns.ts';
import type { FiringReason, FiringStatus } from './words.ts';

/** What the current versions of jobs listen to: one row for each job that a trigger names. */
export const jobTriggers = pgTable(
  'job_triggers',
  {
    project: text().notNull().default('default'),
    /** The job whose runs' ends are listened to. */
    source: text().notNull(),
    job_id: uuid().notNull(),
    /** 0-based place among the job's triggers. */
    position: integer().notNull(),
    statuses: text().array().$type<EndStatus[]>().notNull(),
    trigger: jsonb().$type<TriggerDefinition>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.project, table.source, table.job_id, table.position] })],
);

/** The end of one run that one trigger listens to, and what became of it. */
export const triggerFirings = pgTable('trigger_firings', {
  ...owned(),
  job_id: uuid().notNull(),
  position: integer().notNull(),
  /** As it stood when the run ended. */
  trigger: jsonb().$type<TriggerDefinition>().notNull(),
  source_run: uuid().notNull(),
  source_job: text().notNull(),
  status: text().$type<FiringStatus>().notNull(),
  reason: text().$type<FiringReason>(),
  message: text(),
  problems: jsonb().$type<readonly Problem[]>(),
  run: uuid(),
  attempts: integer().notNull(),
  next_at: time(),
  created_at: time().notNull(),
  decided_at: time(),
});

export type TriggerFiringRow = typeof triggerFirings.$inferSelect;
