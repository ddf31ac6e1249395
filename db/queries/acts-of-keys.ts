import type { JsonObject } from '#jobs/json.ts';
import type { Queryable } from '../client.ts';
import { type Idempotency, IdempotencyConflict } from './insert-run.ts';

/** A key of somebody's request, bound to all that it asks; `run` is what it is done to, or an id of nothing. */
export interface ActKey extends Idempotency {
  readonly project: string;
  readonly actor: string;
  readonly run: string;
}

/** What there is of an act: it is this request's to do, another one does it at the moment, or it was done and answered so. */
export type Act = { readonly is: 'mine' } | { readonly is: 'under_way' } | { readonly is: 'done'; readonly answer: JsonObject };

/** Takes the key for an act, or says who has it; one that nobody has held for 20 s, and that was never answered, died with its process. Throws IdempotencyConflict. Served by the primary key. */
export const takeAct = async (sql: Queryable, key: ActKey): Promise<Act> => {
  const { count } = await sql`
    insert into idempotency_keys ${sql({ ...key })}
    on conflict (project, actor, key) do update set created_at = now()
    where idempotency_keys.answer is null and idempotency_keys.body_hash = excluded.body_hash
      and idempotency_keys.created_at < now() - interval '20 seconds'`;
  if (count > 0) return { is: 'mine' };
  const [known] = await sql<{ body_hash: string; answer: JsonObject | null }[]>`
    select body_hash, answer from idempotency_keys where project = ${key.project} and actor = ${key.actor} and key = ${key.key}`;
  if (!known) return { is: 'under_way' };
  if (known.body_hash !== key.body_hash) throw new IdempotencyConflict(key.key);
  return known.answer === null ? { is: 'under_way' } : { is: 'done', answer: known.answer };
};

/** Says that an act is still being done. Served by the primary key. */
export const holdAct = async (sql: Queryable, { project, actor, key }: ActKey): Promise<void> => {
  await sql`
    update idempotency_keys set created_at = now() where project = ${project} and actor = ${actor} and key = ${key} and answer is null`;
};

/** Notes how an act was answered, for whoever asks for it again. Served by the primary key. */
export const settleAct = async (sql: Queryable, { project, actor, key }: ActKey, answer: JsonObject): Promise<void> => {
  await sql`
    update idempotency_keys set answer = ${sql.json(answer as never)} where project = ${project} and actor = ${actor} and key = ${key}`;
};

/** Gives back the key of an act that came to nothing, so that it can be asked for again. Served by the primary key. */
export const releaseAct = async (sql: Queryable, { project, actor, key }: ActKey): Promise<void> => {
  await sql`delete from idempotency_keys where project = ${project} and actor = ${actor} and key = ${key} and answer is null`;
};
