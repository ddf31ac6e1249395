import type { Sql } from '#db/client.ts';
import { type RecordedAttempt, recordedAttempts } from '#db/queries/recorded-attempts.ts';
import type { StepCall } from '#workflows/messages.ts';
import type { Earlier } from './attempts.ts';
import { isDatabaseAway } from './database-away.ts';

/** What rows say about the attempts before this one. */
export interface AttemptHistory {
  /** This attempt's number among all of the step. */
  readonly attempt: number;
  readonly earlier: Earlier;
  /** Where this attempt's log begins. */
  readonly firstLine: number;
}

/** Reads the recorded attempts of some steps of a run, waiting for the database while it is away. */
export const readAttempts = (sql: Sql, run: string, keys: readonly string[], signal: AbortSignal): Promise<readonly RecordedAttempt[]> =>
  patiently(signal, () => recordedAttempts(sql, run, keys));

/**
 * What happened before the attempt that Temporal gave this number, by the step's rows. Temporal counts the attempts of an activity, but after
 * a crash starts a local one anew with the first; that one takes every row for earlier and goes on counting.
 */
export function historyOf(call: StepCall, attempt: number, isLocal: boolean, rows: readonly RecordedAttempt[]): AttemptHistory {
  const counted = call.attemptsBefore + attempt;
  const before = isLocal ? rows : rows.filter((row) => row.attempt < counted);
  const newest = before.at(-1);
  const executed = before.filter((row) => row.attempt > call.attemptsBefore);
  return {
    attempt: Math.max(counted, (newest?.attempt ?? 0) + 1),
    earlier: { executions: executed.length, last: executed.at(-1) ?? null },
    firstLine: (newest?.last_line ?? 0) + 1,
  };
}

/** Asks again while the database is away, until the signal; then throws its reason. */
export async function patiently<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await ask();
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
