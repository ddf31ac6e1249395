import { inOrder } from '#jobs/lock-queue.ts';
import type { Queryable } from '../../client.ts';
import { type Granted, lockKey, moveUp } from './claim-lock.ts';

/** Whose claims: all of these runs, or those of one step of a run. */
export type Whose = { readonly runs: readonly string[] } | { readonly run: string; readonly step: string };

/** Takes away claims, held or waiting, and grants their keys to the next; answers whom. To be called in a transaction. */
export const freeLocks = async (tx: Queryable, whose: Whose): Promise<readonly Granted[]> => {
  const mine = 'runs' in whose ? tx`run_id = any(${whose.runs}::uuid[])` : tx`run_id = ${whose.run} and step_key = ${whose.step}`;
  const claimed = await tx<{ project: string; key: string }[]>`select distinct project, key from lock_claims where ${mine}`;
  const keys = inOrder(claimed.map(({ project, key }) => JSON.stringify([project, key])));
  const granted: Granted[] = [];
  for (const [project, key] of keys.map((key) => JSON.parse(key) as [string, string])) {
    await lockKey(tx, project, key);
    await tx`delete from lock_claims where project = ${project} and key = ${key} and ${mine}`;
    granted.push(...(await moveUp(tx, project, key)));
  }
  return granted;
};

/** Runs that have ended, or are not there any more, and yet hold keys or wait for them; those of the last minute are left alone. Served by lock_claims_run. */
export const endedClaimants = async (sql: Queryable): Promise<readonly string[]> => {
  const rows = await sql<{ run_id: string }[]>`
    select distinct c.run_id from lock_claims c
    where c.since < now() - interval '1 minute' and (select r.ended_at is null from runs r where r.id = c.run_id) is not true
    limit 1000`;
  return rows.map(({ run_id }) => run_id);
};
