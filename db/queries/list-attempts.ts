import type { Queryable } from '../client.ts';
import type { StepAttemptRow } from '../schema/runs.ts';

/** The attempts of one step, first to last. Served by the primary key. */
export const listAttempts = async (sql: Queryable, run: string, key: string): Promise<readonly StepAttemptRow[]> =>
  sql<StepAttemptRow[]>`select * from step_attempts where run_id = ${run} and key = ${key} order by attempt`;
