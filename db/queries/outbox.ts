import type { RunInput } from '#workflows/messages.ts';
import type { Queryable } from '../client.ts';

/** A start that is owed, or the word that its run was cancelled meanwhile. */
export interface OwedStart {
  readonly run: string;
  readonly kind: 'start' | 'cancel';
  readonly payload: RunInput;
  /** Claims so far, this one included. */
  readonly attempts: number;
}

/** Longest pause between two tries, so that runs start soon after Temporal returns. */
const LONGEST_PAUSE_SECONDS = 3;

/** Takes up to `limit` starts that are due; no other claimer sees them until their next try is due, with growing pauses. Served by outbox_next_at. */
export const claimStarts = async (sql: Queryable, limit: number): Promise<readonly OwedStart[]> =>
  sql<OwedStart[]>`
    update outbox set attempts = attempts + 1, next_at = now() + make_interval(secs => least(0.5 * 2 ^ least(attempts, 8), ${LONGEST_PAUSE_SECONDS}))
    where id in (select id from outbox where next_at <= now() order by next_at limit ${limit} for update skip locked)
    returning run, kind, payload, attempts`;

/** Strikes off starts that happened. Answers those whose run was cancelled while its start was under way: their workflows must be told. */
export const settleStarts = async (sql: Queryable, runs: readonly string[]): Promise<readonly string[]> => {
  // A statement of its own looks second: a withdrawal that the first one waited for is seen by then.
  await sql`delete from outbox where run = any(${runs}::uuid[]) and kind = 'start'`;
  const withdrawn = await sql<{ run: string }[]>`select run from outbox where run = any(${runs}::uuid[]) and kind = 'cancel'`;
  return withdrawn.map(({ run }) => run);
};

/** Strikes off the word of a cancel once the workflow was told, or is known not to be there. */
export const settleCancel = async (sql: Queryable, run: string): Promise<void> => {
  await sql`delete from outbox where run = ${run} and kind = 'cancel'`;
};
