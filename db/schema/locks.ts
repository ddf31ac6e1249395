import { boolean, integer, pgTable, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core';
import { time } from './columns.ts';

/** Who holds a key, or waits for it. */
export const lockClaims = pgTable(
  'lock_claims',
  {
    project: text().notNull().default('default'),
    key: text().notNull(),
    run_id: uuid().notNull(),
    /** Empty for a claim of the run itself. */
    step_key: text().notNull().default(''),
    workflow_id: text().notNull(),
    state: text().$type<'holding' | 'waiting'>().notNull(),
    priority: smallint().notNull(),
    max: integer().notNull(),
    since: time().notNull(),
    held_since: time(),
    is_told_to_end: boolean().notNull().default(false),
  },
  (claim) => [primaryKey({ columns: [claim.project, claim.key, claim.run_id, claim.step_key] })],
);

/** The moments given to starts that share a rate. */
export const rateStarts = pgTable('rate_starts', {
  project: text().notNull().default('default'),
  resource: text().notNull(),
  at: time().notNull(),
  run_id: uuid().notNull(),
  step_key: text().notNull(),
  expires_at: time().notNull(),
});
