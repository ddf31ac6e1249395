import type { RunInput } from '#workflows/messages.ts';
import type { Queryable } from '../client.ts';

/** A start that is owed. */
export interface OwedStart {
  readonly run: string;
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
    returning run, payload, attempts`;

/** Strikes off starts that happened. Answers those whose run was cancelled while its start was under way: their workflows must be told. */
export const settleStarts = async (sql: Queryable, runs: readonly string[]): Promise<readonly string[]> => {
  const withdrawn = await sql<{ id: string }[]>`
    with struck as (delete from outbox where run = any(${runs}::uuid[]) returning run)
    select id from runs where id = any(${runs}::uuid[]) and status = 'cancelled' and id not in (select run from struck)`;
  return withdrawn.map(({ id }) => id);
};
