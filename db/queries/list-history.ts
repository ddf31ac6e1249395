import type { Queryable } from '../client.ts';
import type { StatusHistoryRow } from '../schema/runs.ts';
import { HISTORY_COLUMNS } from '../schema/words.ts';

/** Every change of a run's status, and of its steps' where the run itself decided it, in the order of the run's decisions, steps before the run they changed. Attempts hold the rest. With `from` only from that decision of the run on, and what nobody numbered. Served by the primary key. */
export const listHistory = async (sql: Queryable, run: string, from = 0): Promise<readonly StatusHistoryRow[]> =>
  sql<
    StatusHistoryRow[]
  >`select ${sql([...HISTORY_COLUMNS])} from status_history where run_id = ${run} and (seq is null or seq >= ${from}) order by seq, step_key = '', step_key, id`;
