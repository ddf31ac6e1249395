import { type Audit, writeAudit } from '../../audit.ts';
import type { Sql } from '../../client.ts';
import { type Granted, lockKey, moveUp } from './claim-lock.ts';

/** Which claim; without a step every claim that the run and its steps have on the key. */
export interface HeldLock {
  readonly project: string;
  readonly key: string;
  readonly run: string;
  readonly step?: string | undefined;
}

export type Released =
  | { readonly outcome: 'released'; readonly granted: readonly Granted[] }
  | { readonly outcome: 'waits' }
  | { readonly outcome: 'unknown' };

/** Takes a key from a run by hand, which is not told, and gives it to the next. Whoever only waits for it keeps waiting. */
export const releaseLock = (sql: Sql, { project, key, run, step }: HeldLock, audit: Audit): Promise<Released> =>
  sql.begin(async (tx) => {
    await lockKey(tx, project, key);
    const its = tx`project = ${project} and key = ${key} and run_id = ${run} ${step === undefined ? tx`` : tx`and step_key = ${step}`}`;
    const taken = await tx<{ step_key: string }[]>`delete from lock_claims where ${its} and state = 'holding' returning step_key`;
    if (taken.length === 0) {
      const [waiter] = await tx`select from lock_claims where ${its} limit 1`;
      return waiter ? { outcome: 'waits' } : { outcome: 'unknown' };
    }
    await writeAudit(tx, audit, {
      project,
      action: 'lock.release',
      subject_kind: 'lock',
      subject: key,
      before: { run, steps: taken.map(({ step_key }) => step_key).filter((one) => one !== '') },
    });
    return { outcome: 'released', granted: await moveUp(tx, project, key) };
  });
