import { type Audit, writeAudit } from '../../audit.ts';
import type { Sql } from '../../client.ts';
import { NotFound, StandsSo } from '../../conflicts.ts';
import { changeOnce } from '../change-once.ts';
import type { OwnedKey } from '../take-key.ts';
import { type Granted, lockKey, moveUp } from './claim-lock.ts';

/** Which claim; without a step every claim that the run and its steps have on the key. */
export interface HeldLock {
  readonly project: string;
  readonly key: string;
  readonly run: string;
  /** By which people know the run. */
  readonly number: number;
  readonly step?: string | undefined;
}

/** Takes a key from a run by hand, which is not told, and gives it to the next; once for an `Idempotency-Key`. Throws NotFound, StandsSo when the run only waits for it, which goes on, IdempotencyConflict. */
export const releaseLock = (
  sql: Sql,
  { project, key, run, number, step }: HeldLock,
  audit: Audit,
  once: OwnedKey | null = null,
): Promise<{ readonly granted: readonly Granted[] }> =>
  changeOnce(sql, once, async (tx) => {
    await lockKey(tx, project, key);
    const its = tx`project = ${project} and key = ${key} and run_id = ${run} ${step === undefined ? tx`` : tx`and step_key = ${step}`}`;
    const taken = await tx<{ step_key: string }[]>`delete from lock_claims where ${its} and state = 'holding' returning step_key`;
    if (taken.length === 0) {
      const [waiter] = await tx`select from lock_claims where ${its} limit 1`;
      if (waiter) throw new StandsSo(`run #${number} waits for lock ${key} and does not hold it`);
      throw new NotFound(`lock that run #${number} holds`, key);
    }
    await writeAudit(tx, audit, {
      project,
      action: 'lock.release',
      subject_kind: 'lock',
      subject: key,
      before: { run, steps: taken.map(({ step_key }) => step_key).filter((one) => one !== '') },
    });
    return { granted: await moveUp(tx, project, key) };
  });
