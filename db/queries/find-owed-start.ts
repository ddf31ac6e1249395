import type { RunInput } from '#workflows/messages.ts';
import type { Queryable } from '../client.ts';

/** What a run's workflow has yet to be started with; null once it was started. Served by outbox_run_key. */
export const findOwedStart = async (sql: Queryable, run: string): Promise<RunInput | null> => {
  const [owed] = await sql<{ payload: RunInput }[]>`select payload from outbox where run = ${run} and kind = 'start'`;
  return owed?.payload ?? null;
};
