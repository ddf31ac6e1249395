import type { Context } from 'hono';
import { findAnswer } from '#db/queries/change-once.ts';
import type { OwnedKey } from '#db/queries/take-key.ts';
import { signedIn } from './access/identity.ts';
import type { Env } from './env.ts';
import { PROJECT } from './project.ts';
import { idempotencyOf } from './runs/start-run.ts';

/** Makes a change; the same request sent again with its `Idempotency-Key` is answered as it was, also where it would be refused by now: the name is taken by what it made, the state it changed is no more. */
export async function orChangedBefore<Answer extends object>(
  c: Context<Env>,
  request: object,
  change: (key: OwnedKey | null) => Promise<Answer>,
): Promise<Answer> {
  const idempotency = idempotencyOf(c, request);
  const key = idempotency && { ...idempotency, project: PROJECT, actor: signedIn(c).actor };
  try {
    return await change(key);
  } catch (refusal) {
    const known = key && (await findAnswer<Answer>(c.var.services.database.sql, key));
    if (known) return known;
    throw refusal;
  }
}

/** As `orChangedBefore`, for what is answered by its end alone: it is done, or was. */
export const orDoneBefore = async (c: Context<Env>, request: object, act: (key: OwnedKey | null) => Promise<void>): Promise<void> => {
  await orChangedBefore(c, request, async (key) => {
    await act(key);
    return {};
  });
};
