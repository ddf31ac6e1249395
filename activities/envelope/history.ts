import type { Sql } from '#db/client.ts';
import { type RecordedAttempt, recordedAttempts } from '#db/queries/recorded-attempts.ts';
import type { StepCall } from '#workflows/messages.ts';
import { isByPerson } from '#workflows/step-failure.ts';
import type { StreamOffsets } from '../contract.ts';
import { type Earlier, executionOf, type LastAttempt } from './attempts.ts';
import { isDatabaseAway } from './database-away.ts';
import type { Override } from './terms.ts';

/** What rows say about the attempts before this one. */
export interface AttemptHistory {
  /** This attempt's number among all of the step. */
  readonly attempt: number;
  readonly earlier: Earlier;
  readonly log: LogSoFar;
}

/** How far the step's log has come. */
export interface LogSoFar {
  /** Where this attempt's part begins. */
  readonly firstLine: number;
  /** Raw bytes of each stream that the log has of this execution. */
  readonly stored: StreamOffsets;
}

/** Reads the recorded attempts of some steps of a run, waiting for the database while it is away. */
export const readAttempts = (sql: Sql, run: string, keys: readonly string[], signal: AbortSignal): Promise<readonly RecordedAttempt[]> =>
  patiently(signal, () => recordedAttempts(sql, run, keys));

/**
 * What happened before the attempt that Temporal gave this number, by the step's rows. Temporal counts the attempts of an activity, but after
 * a crash starts a local one anew with the first; that one takes every row for earlier and goes on counting. Where a person had attempts
 * counted anew, the numbers go on after those of before.
 */
export function historyOf(
  call: StepCall,
  attempt: number,
  isLocal: boolean,
  rows: readonly RecordedAttempt[],
  override: Pick<Override, 'numbered_from' | 'executions_from'> | null = null,
): AttemptHistory {
  const numberedFrom = override?.numbered_from ?? null;
  const counted = (numberedFrom ?? call.attemptsBefore) + attempt;
  const before = isLocal ? rows : rows.filter((row) => row.attempt < counted);
  const executed = before.filter((row) => row.attempt > call.attemptsBefore);
  const next = (before.at(-1)?.attempt ?? 0) + 1;
  return {
    attempt: numberedFrom === null ? Math.max(counted, next) : Math.max(call.attemptsBefore + 1, next),
    earlier: {
      executions: executionsIn(executed, override?.executions_from ?? 0, call.step.reattaches ?? false),
      last: lastOf(executed, call.step.reattaches ?? false),
      isAnew: (executed.at(-1)?.attempt ?? Number.POSITIVE_INFINITY) <= (override?.executions_from ?? 0),
    },
    log: logSoFar(before, null),
  };
}

/** Executions after an attempt: what was taken up of one before is one, what a person interrupted for good is none. */
function executionsIn(rows: readonly RecordedAttempt[], after: number, reattaches: boolean): number {
  const counted = rows.filter((row) => row.attempt > after);
  const begun = counted.filter((row) => !row.reattached && (reattaches || row.error === null || !isByPerson(row.error))).length;
  return begun + (after > 0 && counted[0]?.reattached ? 1 : 0);
}

/** How far the log has come, as an execution that this attempt began sees it; a new one, null, has nothing in it. */
export function logSoFar(rows: readonly RecordedAttempt[], execution: number | null): LogSoFar {
  const newest = rows.at(-1);
  const isOurs = execution !== null && (newest?.last_writer ?? 0) >= execution;
  return {
    firstLine: (newest?.last_line ?? 0) + 1,
    stored: isOurs ? { stdout: newest?.stdout_bytes ?? 0, stderr: newest?.stderr_bytes ?? 0 } : { stdout: 0, stderr: 0 },
  };
}

const lastOf = (rows: readonly RecordedAttempt[], reattaches: boolean): LastAttempt | null =>
  rows.reduce<LastAttempt | null>((before, row) => ({ ...row, execution: executionOf(row, before, reattaches) }), null);

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
