import { type LockDeps, wake } from '#activities/bookkeeping/locks.ts';
import { listUntoldGrants } from '#db/queries/locks/untold-grants.ts';

/** Whoever is told at once has moved on by then. */
const UNTOLD_SECONDS = 3;

/** Tells runs once more that they have the key they wait for, where the worker that gave it to them died before it could. */
export const relayGrants = async ({ database: { sql }, voice }: LockDeps): Promise<void> =>
  wake(voice, await listUntoldGrants(sql, UNTOLD_SECONDS));
