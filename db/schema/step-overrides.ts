import { doublePrecision, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { big, time } from './columns.ts';

/** What a person changed of a step while it runs; a column that is null leaves what the plan says. */
export const stepOverrides = pgTable(
  'step_overrides',
  {
    run_id: uuid().notNull(),
    key: text().notNull(),
    project: text().notNull().default('default'),
    activity_id: text().notNull(),
    timeout_ms: big(),
    attempts: integer(),
    delay_ms: big(),
    backoff: doublePrecision(),
    max_delay_ms: big(),
    /** The attempt after which Temporal began to count anew. */
    numbered_from: integer(),
    /** The attempt after which executions are counted anew. */
    executions_from: integer(),
    /** How often a person had it begin anew; an attempt that began before the newest of them ends. */
    resets: integer().notNull().default(0),
    changed_at: time().notNull().defaultNow(),
  },
  (row) => [primaryKey({ columns: [row.run_id, row.key] })],
);

export type StepOverrideRow = typeof stepOverrides.$inferSelect;
