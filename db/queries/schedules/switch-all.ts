import { type Audit, writeAudit } from '../../audit.ts';
import type { Queryable, Sql, Transaction } from '../../client.ts';
import type { SchedulePauseRow } from '../../schema/schedules.ts';
import { changeOnce, doOnce } from '../change-once.ts';
import type { OwnedKey } from '../take-key.ts';

/** How long all schedules of a project are stopped, by whom and why; null: they are not. Served by schedule_pauses_of. */
export const findStop = async (sql: Queryable, project: string): Promise<SchedulePauseRow | null> => {
  const [row] = await sql<SchedulePauseRow[]>`
    select * from schedule_pauses
    where project = ${project} and schedule_id is null and from_at <= now() and (until_at is null or until_at > now())
    order by from_at desc limit 1`;
  return row ?? null;
};

/** Stops all schedules of a project from this moment on, or takes the new note and end where they are stopped already; once for a key. Throws IdempotencyConflict. */
export const stopAll = (
  sql: Sql,
  project: string,
  { note, until }: { readonly note: string | null; readonly until: Date | null },
  audit: Audit,
  key: OwnedKey | null = null,
): Promise<SchedulePauseRow> =>
  changeOnce(sql, key, async (tx) => {
    await lockSwitch(tx, project);
    const before = await findStop(tx, project);
    const [row] = before
      ? await tx<SchedulePauseRow[]>`
          update schedule_pauses set until_at = ${until}, note = ${note}, paused_by = ${audit.actor} where id = ${before.id} returning *`
      : await tx<SchedulePauseRow[]>`
          insert into schedule_pauses (project, schedule_id, kind, from_at, until_at, paused_by, note)
          values (${project}, null, 'maintenance', now(), ${until}, ${audit.actor}, ${note}) returning *`;
    if (!before) await tellThoseThatEndOthers(tx, project, null);
    await writeAudit(tx, { ...audit, reason: note ?? audit.reason }, change(project, before !== null, true, until));
    return row as SchedulePauseRow;
  });

/** Lets all schedules go on from this moment, where they were stopped; once for a key. Throws IdempotencyConflict. */
export const startAll = (sql: Sql, project: string, audit: Audit, key: OwnedKey | null = null): Promise<void> =>
  doOnce(sql, key, async (tx) => {
    await lockSwitch(tx, project);
    const before = await findStop(tx, project);
    if (!before) return;
    const [row] = await tx<SchedulePauseRow[]>`
      update schedule_pauses set until_at = now(), resumed_by = ${audit.actor} where id = ${before.id} returning *`;
    await tellThoseThatEndOthers(tx, project, row?.until_at ?? null);
    await writeAudit(tx, audit, change(project, true, false, null));
  });

/** Lets all schedules go on where the end of their stop has come. Served by schedule_pauses_until. */
export const endDueStops = (sql: Sql): Promise<void> =>
  sql.begin(async (tx) => {
    const ended = await tx<{ project: string; until_at: string }[]>`
      update schedule_pauses set resumed_by = 'schedule' where schedule_id is null and until_at <= now() and resumed_by is null returning project, until_at`;
    for (const { project, until_at } of ended) await tellThoseThatEndOthers(tx, project, until_at);
  });

/**
 * A stop holds at once, since every fire asks for it; Temporal need not know. But it ends the run under way of a schedule that cancels or terminates others
 * before it asks, so it must know of the stop of these.
 */
const tellThoseThatEndOthers = async (tx: Transaction, project: string, liveSince: string | null): Promise<void> => {
  await tx`
    with theirs as materialized (
      select id from schedules
      where project = ${project} and deleted_at is null and definition ->> 'overlap' in ('cancel_other', 'terminate_other')
      order by id for no key update
    )
    update schedules s set arm_at = now(), arm_attempts = 0, live_since = greatest(s.live_since, ${liveSince}::timestamptz)
    from theirs where s.id = theirs.id`;
};

const lockSwitch = async (tx: Transaction, project: string): Promise<void> => {
  await tx`select pg_advisory_xact_lock(hashtext('schedules'), hashtext(${project}))`;
};

const change = (project: string, before: boolean, after: boolean, until: Date | null) => ({
  project,
  action: after ? 'schedule.stop_all' : 'schedule.start_all',
  subject_kind: 'schedules',
  subject: 'all',
  before: { stopped: before },
  after: { stopped: after, until: until?.toISOString() ?? null },
});
