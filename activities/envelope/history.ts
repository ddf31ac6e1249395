import type { Sql } from '#db/client.ts';
import { listAttempts } from '#db/queries/list-attempts.ts';
import { previousAttempt } from '#db/queries/previous-attempt.ts';
import type { StepCall } from '#workflows/messages.ts';
import type { Earlier } from './attempts.ts';
import { isDatabaseAway } from './database-away.ts';

/** What rows say about the attempts before this one. */
export interface AttemptHistory {
  readonly earlier: Earlier;
  /** Where this attempt's log begins. */
  readonly firstLine: number;
}

const NOTHING: AttemptHistory = { earlier: { executions: 0, last: null }, firstLine: 1 };

/** Reads what happened before this attempt, waiting for the database while it is away; a first attempt needs no look. */
export async function historyBefore(sql: Sql, call: StepCall, attempt: number, signal: AbortSignal): Promise<AttemptHistory> {
  if (attempt === 1) return NOTHING;
  const [previous, attempts] = await patiently(signal, () =>
    Promise.all([previousAttempt(sql, call.run, call.key, attempt), listAttempts(sql, call.run, call.key)]),
  );
  const executed = attempts.filter((row) => row.attempt > call.attemptsBefore && row.attempt < attempt);
  const last = executed.at(-1);
  return {
    earlier: { executions: executed.length, last: last === undefined ? null : { attempt: last.attempt, ended: last.ended_at !== null } },
    firstLine: (previous?.last_line ?? 0) + 1,
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
