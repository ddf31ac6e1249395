import { boolean, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { JobDefinition } from '#jobs/definition.ts';
import type { Health } from '#jobs/health.ts';
import type { Plan } from '#jobs/plan.ts';
import type { Problem } from '#jobs/problem.ts';
import { authored, big, owned, time } from './columns.ts';

/** A named definition; `version` is the current one. Without `health` it was not looked at since its last change. */
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
  health: text().$type<Health>(),
  health_checked_at: time(),
  health_findings: jsonb().$type<readonly Problem[]>().notNull(),
  purge_asked_at: time(),
});

/** What a save made: the text as written, its meaning and its plan; the database refuses to change one, and to delete one unless its job is purged from the trash. */
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

/** A name for one version of a job, which may be moved. */
export const jobTags = pgTable(
  'job_tags',
  {
    job_id: uuid().notNull(),
    tag: text().notNull(),
    version: integer().notNull(),
    updated_at: time().notNull(),
    updated_by: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.job_id, table.tag] })],
);

/** Each setting, move and removal of a tag. */
export const jobTagMoves = pgTable(
  'job_tag_moves',
  {
    id: uuid().notNull(),
    job_id: uuid().notNull(),
    tag: text().notNull(),
    from_version: integer(),
    to_version: integer(),
    actor: text().notNull(),
    note: text(),
    at: time().notNull(),
  },
  (table) => [primaryKey({ columns: [table.job_id, table.id] })],
);

export type JobTagRow = typeof jobTags.$inferSelect;
export type JobTagMoveRow = typeof jobTagMoves.$inferSelect;
export type JobRow = typeof jobs.$inferSelect;
export type JobVersionRow = typeof jobVersions.$inferSelect;
