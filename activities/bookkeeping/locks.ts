import type { Database, Sql } from '#db/client.ts';
import { claimLock, type Granted, type LockClaim, type LockReply } from '#db/queries/locks/claim-lock.ts';
import { credentialOfTarget } from '#db/queries/locks/credential-of-target.ts';
import { freeLocks } from '#db/queries/locks/free-locks.ts';
import { reserveStart } from '#db/queries/locks/reserve-start.ts';
import { markToldToEnd } from '#db/queries/locks/tell-to-end.ts';
import { inOrder } from '#jobs/lock-queue.ts';
import type { LockAnswer, LockWish, RateWish } from '#jobs/lock-state.ts';
import { CANCEL_SIGNAL, type FreeCall, LOCK_SIGNAL, type LockCall, type LockGranted } from '#workflows/messages.ts';

/** What the bookkeeping of locks says to workflows. */
export interface WorkflowVoice {
  /** Throws when Temporal does not answer; a workflow that has ended is no failure. */
  signal(workflowId: string, signal: string, payload: object): Promise<void>;
  cancel(workflowId: string, word: { readonly signal: string; readonly by: object }): Promise<void>;
}

export interface LockDeps {
  readonly database: Pick<Database, 'sql'>;
  readonly voice: WorkflowVoice;
}

interface Wanted extends Pick<LockWish, 'max' | 'onConflict'> {
  readonly key: string;
}

/** The activities by which runs take keys and give them back. */
export const createLocks = ({ database: { sql }, voice }: LockDeps) => {
  /** Takes all keys in the one order that everybody keeps, up to the first that is not free; then a moment to start at. Asked again it finds what it has. */
  const acquireLocks = async (call: LockCall): Promise<LockAnswer> => {
    const { project, run, owner, workflowId, priority, wishes } = call;
    for (const { key, max, onConflict } of await wantedKeys(sql, call)) {
      const reply = await claimLock(sql, { project, key, run, step: owner, workflowId, priority, max, onConflict });
      await wake(voice, reply.granted);
      await cancelHolders(call, key, reply);
      const answer = answerTo(key, reply);
      if (answer === null) continue;
      // What was taken before is not kept by one who gives up.
      if (answer.outcome !== 'queued') await release({ run, owner });
      return answer;
    }
    return { outcome: 'granted', until: wishes.rate && (await turnOf(call, wishes.rate)) };
  };

  /** Gives back what a step holds or waits for, and tells those who come next. */
  const release = async ({ run, owner }: FreeCall): Promise<void> => {
    const granted = await sql.begin((tx) => freeLocks(tx, { run, step: owner }));
    await wake(voice, granted);
  };

  /** The moment given to a start; null when that is now. */
  const turnOf = async ({ project, run, owner }: LockCall, { resource, max, perMs }: RateWish): Promise<number | null> => {
    const at = await reserveStart(sql, { project, resource, run, step: owner, max, perMs });
    return at > Date.now() ? at : null;
  };

  /** Ends the runs that are to make room, each once. */
  const cancelHolders = async ({ project }: LockCall, key: string, { verdict, number }: LockReply): Promise<void> => {
    const untold = verdict.outcome === 'queued' ? verdict.cancel.filter(({ isToldToEnd }) => !isToldToEnd) : [];
    if (untold.length === 0) return;
    const reason = `run #${number} takes lock ${key} over`;
    const by = { actor: 'system', reason };
    for (const { workflowId } of untold) await voice.cancel(workflowId, { signal: CANCEL_SIGNAL, by });
    await markToldToEnd(
      sql,
      project,
      key,
      untold.map(({ run }) => run),
      reason,
    );
  };

  return { acquireLocks, releaseLocks: release };
};

const wantedKeys = async (sql: Sql, { project, wishes }: LockCall): Promise<readonly Wanted[]> => {
  const wanted = await Promise.all(wishes.locks.map(async ({ by, ...how }) => ({ ...how, key: await keyOf(sql, project, by) })));
  return inOrder(wanted.map(({ key }) => key)).flatMap((key) => wanted.find((one) => one.key === key) ?? []);
};

/** Of a target without a credential nothing is shared but itself. */
async function keyOf(sql: Sql, project: string, by: LockWish['by']): Promise<string> {
  if ('key' in by) return by.key;
  const credential = await credentialOfTarget(sql, project, by.credentialOf);
  return credential === null ? `target:${by.credentialOf}` : `credential:${credential}`;
}

/** Tells workflows that they were granted what they wait for; who is not reached finds it when looking next. */
export const wake = async (voice: WorkflowVoice, granted: readonly Granted[]): Promise<void> => {
  await Promise.allSettled(
    granted.map(({ workflowId, step }) => voice.signal(workflowId, LOCK_SIGNAL, { owner: step } satisfies LockGranted)),
  );
};

/** The answer to who asked for a key, as far as it is one: null when it has it. */
function answerTo(key: string, { verdict, holders, number }: LockReply): Exclude<LockAnswer, { outcome: 'granted' }> | null {
  const held = `${key} is held by ${runsOf(holders)}`;
  switch (verdict.outcome) {
    case 'granted':
      return null;
    case 'queued':
      return { outcome: 'queued', key, position: verdict.position, heldBy: numbersOf(holders) };
    case 'skip':
      return { outcome: 'skip', message: `skipped: ${held}` };
    case 'cancel':
      return { outcome: 'cancel', message: `cancelled: ${held}` };
    case 'fail':
      return { outcome: 'fail', message: `lock ${held}` };
    case 'ended':
      return { outcome: 'cancel', message: 'the run has ended' };
    case 'reentry':
      return {
        outcome: 'fail',
        message:
          verdict.holder.number === number
            ? `lock ${key} is held by the run itself, which waits for this step`
            : `lock ${key} is held by ${runsOf([verdict.holder])} (${verdict.holder.job}), which waits for run #${number} that it started`,
      };
    case 'deadlock':
      return {
        outcome: 'fail',
        message: `lock ${key} would never come free: ${runsOf([verdict.holder])} holds it and waits for run #${number}`,
      };
  }
}

const numbersOf = (holders: readonly LockClaim[]): readonly number[] => [...new Set(holders.flatMap(({ number }) => number ?? []))];

const runsOf = (holders: readonly LockClaim[]): string => {
  const named = numbersOf(holders).map((number) => `#${number}`);
  return `${named.length === 1 ? 'run' : 'runs'} ${named.slice(0, 3).join(', ')}${named.length > 3 ? ` and ${named.length - 3} more` : ''}`;
};
