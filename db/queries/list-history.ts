import type { Queryable } from '../client.ts';
import type { StatusHistoryRow } from '../schema/runs.ts';
import { HISTORY_COLUMNS } from '../schema/words.ts';

/** Every change of a run's status, and of its steps' where the run itself decided it, in the order of the run's decisions, steps before the run they changed. Attempts hold the rest. Served by the primary key. */
export const listHistory = async (sql: Queryable, run: string): Promise<readonly StatusHistoryRow[]> =>
  sql<
    StatusHistoryRow[]
  >`select ${sql([...HISTORY_COLUMNS])} from status_history where run_id = ${run} order by seq, step_key = '', step_key, id`;
