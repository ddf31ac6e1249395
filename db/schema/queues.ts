import { boolean, integer, pgTable, primaryKey, real, text } from 'drizzle-orm/pg-core';
import type { Capability } from '#jobs/step.ts';
import { big, time } from './columns.ts';

/** A queue that steps wait in; without a zone every worker with the capability serves it. */
export const queues = pgTable('queues', {
  name: text().primaryKey(),
  capability: text().$type<Capability>().notNull(),
  zone: text(),
  created_at: time().notNull(),
  last_used_at: time().notNull(),
  state: text().$type<'open' | 'idle'>().notNull(),
  paused_at: time(),
  paused_by: text(),
  pause_note: text(),
  /** Temporal was told whether it is paused. */
  pause_told: boolean().notNull(),
  /** How often its worker failed and was made again. */
  failures: integer().notNull(),
  problem: text(),
  problem_at: time(),
});

/** What was seen of a queue in one minute. */
export const queueSamples = pgTable(
  'queue_samples',
  {
    queue: text().notNull(),
    at: time().notNull(),
    backlog: integer().notNull(),
    oldest_ms: big().notNull(),
    added_per_second: real().notNull(),
    dispatched_per_second: real().notNull(),
    used: integer().notNull(),
    slots: integer().notNull(),
    pollers: integer().notNull(),
    /** The transaction that wrote it. */
    tx: big(),
  },
  ({ queue, at }) => [primaryKey({ columns: [queue, at] })],
);

/** How many times the usual share of a full queue a client has. */
export const clientWeights = pgTable(
  'client_weights',
  {
    project: text().notNull(),
    client: text().notNull(),
    weight: real().notNull(),
    updated_at: time().notNull(),
    updated_by: text().notNull(),
  },
  ({ project, client }) => [primaryKey({ columns: [project, client] })],
);

export type QueueRow = typeof queues.$inferSelect;
export type QueueSampleRow = Omit<typeof queueSamples.$inferSelect, 'tx'>;
export type ClientWeightRow = typeof clientWeights.$inferSelect;
