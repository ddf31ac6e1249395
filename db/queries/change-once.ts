import { v7 as uuidv7 } from 'uuid';
import type { JsonObject } from '#jobs/json.ts';
import { jsonRows, type Queryable, type Sql, type Transaction } from '../client.ts';
import { IdempotencyConflict } from './insert-run.ts';
import { type OwnedKey, takeKey } from './take-key.ts';

/** Makes a change in one transaction; under a key that made it before, nothing is changed and its answer is given again. Whoever comes second at once waits for the first. Throws IdempotencyConflict. */
export const changeOnce = async <Answer extends object>(
  sql: Sql,
  key: OwnedKey | null,
  change: (tx: Transaction) => Promise<Answer>,
): Promise<Answer> =>
  (await sql.begin(async (tx): Promise<object> => {
    if (key === null) return change(tx);
    if ((await takeKey(tx, key, uuidv7())) !== null) {
      const answer = await findAnswer<Answer>(tx, key);
      if (answer === null) throw new Error(`Idempotency-Key "${key.key}" has no answer`);
      return answer;
    }
    const answer = await change(tx);
    await tx`
      update idempotency_keys set answer = ${jsonRows(tx, [answer])} -> 0
      where project = ${key.project} and actor = ${key.actor} and key = ${key.key}`;
    return answer;
  })) as Answer;

/** As `changeOnce`, for a change that answers nothing. */
export const doOnce = async (sql: Sql, key: OwnedKey | null, act: (tx: Transaction) => Promise<void>): Promise<void> => {
  await changeOnce(sql, key, async (tx) => {
    await act(tx);
    return {};
  });
};

/** What a report says would be done, and whether it was. */
interface Told<Report> {
  readonly report: Report;
  readonly isSaved: boolean;
}

/** Undoes what is not to be saved, with its key. */
class NotSaved<Report> extends Error {
  readonly told: Told<Report>;

  constructor(told: Told<Report>) {
    super('not saved');
    this.told = told;
  }
}

/** As `changeOnce`, for a change that tells of what it does before it is known whether it is to be: what is not saved is undone and told of all the same, and its key can be used for it again. */
export const saveOnce = <Report extends object>(
  sql: Sql,
  key: OwnedKey | null,
  change: (tx: Transaction) => Promise<Told<Report>>,
): Promise<Told<Report>> =>
  changeOnce(sql, key, async (tx) => {
    const told = await change(tx);
    if (!told.isSaved) throw new NotSaved(told);
    return told;
  }).catch((error: unknown) => {
    if (error instanceof NotSaved) return error.told as Told<Report>;
    throw error;
  });

/** What the same request answered before, or null. Throws IdempotencyConflict when another request came with the key. Served by the primary key. */
export const findAnswer = async <Answer extends object>(
  sql: Queryable,
  { project, actor, key, body_hash }: OwnedKey,
): Promise<Answer | null> => {
  const [known] = await sql<{ body_hash: string; answer: JsonObject | null }[]>`
    select body_hash, answer from idempotency_keys where project = ${project} and actor = ${actor} and key = ${key}`;
  if (!known) return null;
  if (known.body_hash !== body_hash) throw new IdempotencyConflict(key);
  return known.answer as Answer | null;
};
