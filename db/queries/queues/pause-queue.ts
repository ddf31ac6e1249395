import { type Audit, writeAudit } from '../../audit.ts';
import type { Queryable, Sql } from '../../client.ts';
import { StandsSo } from '../../conflicts.ts';
import { notify } from '../../notices.ts';
import { doOnce } from '../change-once.ts';
import type { OwnedKey } from '../take-key.ts';
import { callWorkers } from './use-queue.ts';

/** Notes that a queue is to hand out nothing more, or that it is to go on, once for a key. Temporal is told by whoever asks, else by a worker. Throws StandsSo when it is so already, IdempotencyConflict. */
export const pauseQueue = (
  sql: Sql,
  name: string,
  paused: boolean,
  note: string | null,
  audit: Audit,
  key: OwnedKey | null = null,
): Promise<void> =>
  doOnce(sql, key, async (tx) => {
    const changed = paused
      ? await tx`
          update queues set paused_at = now(), paused_by = ${audit.actor}, pause_note = ${note}, pause_told = false
          where name = ${name} and paused_at is null returning name`
      : await tx`
          update queues set paused_at = null, paused_by = null, pause_note = null, pause_told = false
          where name = ${name} and paused_at is not null returning name`;
    if (changed.length === 0) throw new StandsSo(`queue ${name} is ${paused ? 'paused already' : 'not paused'}`);
    const action = paused ? 'queue.pause' : 'queue.resume';
    await writeAudit(tx, audit, { action, subject_kind: 'queue', subject: name, after: paused ? { note } : null });
    await notify(tx, { queues: [name] });
    await callWorkers(tx, name);
  });

/** Queues of which Temporal was not told yet whether they are paused. Served by queues_pause_untold. */
export const untoldPauses = async (sql: Queryable): Promise<readonly { readonly name: string; readonly paused: boolean }[]> =>
  sql<{ name: string; paused: boolean }[]>`select name, paused_at is not null as paused from queues where not pause_told order by name`;

/** Notes that Temporal was told this. Where something else has been wanted meanwhile it is told again, since nobody knows which of two words it heard last. */
export const pauseTold = async (sql: Queryable, name: string, paused: boolean): Promise<void> => {
  await sql`update queues set pause_told = ((paused_at is not null) = ${paused}) where name = ${name}`;
};

/** Has Temporal told again of all pauses, in case it forgot: a server that lost its data begins with none. */
export const tellPausesAgain = async (sql: Queryable): Promise<void> => {
  await sql`update queues set pause_told = false where paused_at is not null`;
};
