import { pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import { big, time } from './columns.ts';

const counted = () => ({
  project: text().notNull(),
  hour: time().notNull(),
  job: text().notNull(),
  client: text().notNull(),
  status: text().notNull(),
  duration_bucket: smallint().notNull(),
  runs: big().notNull(),
  total_ms: big().notNull(),
});

/** Ended runs not yet folded, one row each. */
export const runStatDeltas = pgTable('run_stat_deltas', counted());

/** Ended runs by hour, job, client, status and duration; bucket n holds 2^n ≤ ms < 2^(n+1), -1 those that never started. */
export const runStats = pgTable('run_stats', counted(), (table) => [
  primaryKey({ columns: [table.project, table.hour, table.job, table.client, table.status, table.duration_bucket] }),
]);

/** Ended runs by hour and status alone. */
export const runHours = pgTable(
  'run_hours',
  { project: text().notNull(), hour: time().notNull(), status: text().notNull(), runs: big().notNull() },
  (table) => [primaryKey({ columns: [table.project, table.hour, table.status] })],
);
