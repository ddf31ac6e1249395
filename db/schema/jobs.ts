import { boolean, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { JobDefinition } from '#jobs/definition.ts';
import type { Plan } from '#jobs/plan.ts';
import { authored, big, owned, time } from './columns.ts';

/** A named definition; `version` is the current one. */
export const jobs = pgTable('jobs', {
  ...owned(),
  number: big().notNull(),
  name: text().notNull(),
  title: text(),
  description: text(),
  category: text(),
  tags: text().array().notNull(),
  active: boolean().notNull(),
  version: integer().notNull(),
  sample: boolean().notNull(),
  ...authored(),
  deleted_at: time(),
});

/** What a save made: the text as written, its meaning and its plan; the database refuses to change or delete one. */
export const jobVersions = pgTable(
  'job_versions',
  {
    job_id: uuid().notNull(),
    version: integer().notNull(),
    source: text().notNull(),
    format: text().$type<'yaml' | 'json'>().notNull(),
    definition: jsonb().$type<JobDefinition>().notNull(),
    plan: jsonb().$type<Plan>().notNull(),
    hash: text().notNull(),
    author: text().notNull(),
    message: text(),
    created_at: time().notNull(),
  },
  (table) => [primaryKey({ columns: [table.job_id, table.version] })],
);

export type JobRow = typeof jobs.$inferSelect;
export type JobVersionRow = typeof jobVersions.$inferSelect;
