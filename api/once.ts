import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from 'hono';
import { v7 as uuidv7 } from 'uuid';
import { type ActKey, holdAct, releaseAct, settleAct, takeAct } from '#db/queries/acts-of-keys.ts';
import type { RunRow } from '#db/schema/runs.ts';
import type { JsonObject } from '#jobs/json.ts';
import { signedIn } from './access/identity.ts';
import type { Env } from './env.ts';
import { unavailable } from './problem.ts';
import { PROJECT } from './project.ts';
import { idempotencyOf } from './runs/start-run.ts';

/** How long a request waits for the same one that is under way. */
const PATIENCE_MS = 5_000;
const LOOK_MS = 100;
const HOLD_MS = 5_000;

/** What routes say of it. */
export const ONCE = 'with the same `Idempotency-Key` and body it is done once';

/**
 * Does what a request asks that is more than a change of the database, once for each `Idempotency-Key`: asked again it answers what was answered, and
 * while it is under way waits for that. What failed can be asked for again. Throws 409 for a key that came with another request, 503 for one that stays
 * under way. What is done to a run is forgotten with it.
 */
export async function once<Answer extends object>(
  c: Context<Env>,
  run: Pick<RunRow, 'id' | 'project'> | null,
  request: object,
  act: () => Promise<Answer>,
): Promise<Answer> {
  const idempotency = idempotencyOf(c, request);
  if (idempotency === null) return act();
  const { database, log } = c.var.services;
  const { id, project } = run ?? { id: uuidv7(), project: PROJECT };
  const key: ActKey = { ...idempotency, project, actor: signedIn(c).actor, run: id };
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (let found = await takeAct(database.sql, key); found.is !== 'mine'; found = await takeAct(database.sql, key)) {
    if (found.is === 'done') return found.answer as Answer;
    if (performance.now() > giveUpAt) throw unavailable('the same request is under way', 5);
    await pause(LOOK_MS);
  }
  const unsaid = (error: unknown) => log.warn({ err: error, key: key.key }, 'an idempotency key does not say what became of its request');
  const holding = setInterval(() => void holdAct(database.sql, key).catch(unsaid), HOLD_MS);
  try {
    const answer = await act();
    await settleAct(database.sql, key, answer as JsonObject).catch(unsaid);
    return answer;
  } catch (error) {
    await releaseAct(database.sql, key).catch(unsaid);
    throw error;
  } finally {
    clearInterval(holding);
  }
}
