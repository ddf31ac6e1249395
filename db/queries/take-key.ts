import type { Transaction } from '../client.ts';
import { findRunOfKey, type Idempotency } from './insert-run.ts';

/** An `Idempotency-Key` of somebody in a project. */
export type OwnedKey = Idempotency & { readonly project: string; readonly actor: string };

/**
 * Takes a key for what is made in this transaction, by its id; answers with the id of what the same key and request made before, null where they made
 * nothing yet. Waits for another who takes it just now. Throws IdempotencyConflict. Served by the primary key.
 */
export const takeKey = async (tx: Transaction, key: OwnedKey, id: string): Promise<string | null> => {
  const { count } = await tx`insert into idempotency_keys ${tx({ ...key, run: id })} on conflict do nothing`;
  return count > 0 ? null : findRunOfKey(tx, key);
};

/** Says that something else is what a key that was taken has made. */
export const keyMade = async (tx: Transaction, { project, actor, key }: OwnedKey, id: string): Promise<void> => {
  await tx`update idempotency_keys set run = ${id} where project = ${project} and actor = ${actor} and key = ${key}`;
};
