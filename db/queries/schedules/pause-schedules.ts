import { type Audit, writeAudits } from '../../audit.ts';
import type { Queryable, Sql, Transaction } from '../../client.ts';
import { NotFound } from '../../conflicts.ts';
import type { ScheduleRow } from '../../schema/schedules.ts';
import type { Idempotency } from '../insert-run.ts';
import { takeKey } from '../take-key.ts';
import { filtered, type ScheduleFilter } from './list-schedules.ts';

/** One schedule by its name, or all that a filter means. */
export type Which = { readonly name: string } | ScheduleFilter;

export interface Pausing {
  readonly note: string | null;
  /** When it goes on by itself; null: when somebody says so. */
  readonly until: Date | null;
}

/** A schedule that was resumed, and since when it had been paused. */
export interface Resumed {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly definition: ScheduleRow['definition'];
  readonly from_at: string;
  readonly until_at: string;
}

/** Schedules that are paused or resumed in one go. */
const AT_ONCE = 10_000;

/** Pauses schedules from this moment on; those that are paused already take the new note and end. With the same idempotency key and request it is done once. Answers their names. Throws NotFound for a name that nobody has, IdempotencyConflict. */
export const pauseSchedules = (
  sql: Sql,
  project: string,
  which: Which,
  { note, until }: Pausing,
  audit: Audit,
  idempotency: Idempotency | null = null,
): Promise<readonly string[]> =>
  sql.begin(async (tx) => {
    const rows = await lockSome(tx, project, which);
    if (await isDone(tx, project, rows, audit, idempotency)) return rows.map(({ name }) => name);
    const ids = rows.map(({ id }) => id);
    const { fresh = [], again = [] } = Object.groupBy(rows, ({ is_held }) => (is_held ? 'again' : 'fresh'));
    await tx`
      insert into schedule_pauses (project, schedule_id, kind, from_at, until_at, paused_by, note)
      select ${project}, id, 'paused', now(), ${until}, ${audit.actor}, ${note} from unnest(${fresh.map(({ id }) => id)}::uuid[]) as id`;
    await tx`
      update schedule_pauses set until_at = ${until}, note = ${note}, paused_by = ${audit.actor}
      where schedule_id = any(${again.map(({ id }) => id)}::uuid[]) and kind in ('paused', 'failure') and resumed_by is null and (until_at is null or until_at > now())`;
    await tx`
      update schedules set paused_at = case when ${isHeld(tx)} then paused_at else now() end, paused = true, paused_by = ${audit.actor},
        pause_note = ${note}, paused_until = ${until}, arm_at = now(), arm_attempts = 0
      where id = any(${ids}::uuid[])`;
    await writeAudits(
      tx,
      { ...audit, reason: note ?? audit.reason },
      rows.map(({ name, paused, paused_until }) => ({
        project,
        action: 'schedule.pause',
        subject_kind: 'schedule',
        subject: name,
        before: { paused, until: paused_until },
        after: { paused: true, until: until?.toISOString() ?? null },
      })),
    );
    return rows.map(({ name }) => name);
  });

/** Names of the schedules that a filter means, as many as are paused in one go. */
export const namesOf = async (sql: Queryable, project: string, filter: ScheduleFilter): Promise<readonly string[]> => {
  const rows = await sql<{ name: string }[]>`
    select name from schedules where project = ${project} and deleted_at is null ${filtered(sql, filter)} order by id limit ${AT_ONCE}`;
  return rows.map(({ name }) => name);
};

/** Lets schedules that are paused go on from this moment: what passed meanwhile stays as it is. Those that are not paused are left out. With the same idempotency key and request it is done once, and answered with the pause it ended. Throws NotFound for a name that nobody has, IdempotencyConflict. */
export const resumeSchedules = (
  sql: Sql,
  project: string,
  which: Which,
  audit: Audit,
  idempotency: Idempotency | null = null,
): Promise<readonly Resumed[]> =>
  sql.begin(async (tx) => {
    const all = await lockSome(tx, project, which);
    if (await isDone(tx, project, all, audit, idempotency)) return endedBy(tx, all, audit.actor);
    const rows = all.filter(({ paused }) => paused);
    const ids = rows.map(({ id }) => id);
    const [clock] = await tx<{ at: string }[]>`select now() as at`;
    await letGoOn(tx, ids, audit.actor);
    await writeAudits(
      tx,
      audit,
      rows.map(({ name, paused_at, paused_by, pause_note }) => ({
        project,
        action: 'schedule.resume',
        subject_kind: 'schedule',
        subject: name,
        before: { paused: true, since: paused_at, by: paused_by, note: pause_note },
        after: { paused: false },
      })),
    );
    return rows.map(({ id, name, definition, paused_at }) => ({
      id,
      project,
      name,
      definition,
      from_at: paused_at ?? String(clock?.at),
      until_at: String(clock?.at),
    }));
  });

/** Whether the same key and request did it before. */
const isDone = async (
  tx: Transaction,
  project: string,
  [first]: readonly ScheduleRow[],
  { actor }: Audit,
  idempotency: Idempotency | null,
): Promise<boolean> =>
  first !== undefined && idempotency !== null && (await takeKey(tx, { ...idempotency, project, actor }, first.id)) !== null;

/** Of each schedule the last pause that somebody ended. Served by schedule_pauses_of. */
const endedBy = async (tx: Transaction, rows: readonly ScheduleRow[], actor: string): Promise<readonly Resumed[]> => {
  const ended = await tx<{ schedule_id: string; from_at: string; until_at: string }[]>`
    select distinct on (schedule_id) schedule_id, from_at, until_at from schedule_pauses
    where schedule_id = any(${rows.map(({ id }) => id)}::uuid[]) and kind in ('paused', 'failure') and resumed_by = ${actor}
    order by schedule_id, from_at desc`;
  return rows.flatMap(({ id, project, name, definition }) =>
    ended.flatMap(({ schedule_id, ...span }) => (schedule_id === id ? [{ id, project, name, definition, ...span }] : [])),
  );
};

/** Lets schedules go on whose pause has reached its end. Served by schedules_paused_until. */
export const endDuePauses = (sql: Sql): Promise<number> =>
  sql.begin(async (tx) => {
    const due = await tx<{ id: string }[]>`
      select id from schedules where paused and paused_until <= now() order by id limit ${AT_ONCE} for update skip locked`;
    await letGoOn(
      tx,
      due.map(({ id }) => id),
      null,
    );
    return due.length;
  });

/** From the end of the pause on, where it had one that is over; what it took is looked over at once. */
const letGoOn = async (tx: Transaction, ids: readonly string[], actor: string | null): Promise<void> => {
  if (ids.length === 0) return;
  await tx`
    update schedule_pauses set until_at = least(until_at, now()), resumed_by = ${actor ?? BY_ITSELF}
    where schedule_id = any(${[...ids]}::uuid[]) and kind in ('paused', 'failure') and resumed_by is null`;
  await tx`
    update schedules set live_since = greatest(live_since, least(paused_until, clock_timestamp())), paused = false, paused_at = null, paused_by = null,
      pause_note = null, paused_until = null, arm_at = now(), arm_attempts = 0, sweep_at = now()
    where id = any(${[...ids]}::uuid[])`;
};

/** Who ended a pause that ended in its time. */
const BY_ITSELF = 'schedule';

/** Whether its pause goes on; one that is over may not have been ended yet. */
const isHeld = (tx: Transaction) => tx`(paused and (paused_until is null or paused_until > now()))`;

const lockSome = async (
  tx: Transaction,
  project: string,
  which: Which,
): Promise<readonly (ScheduleRow & { readonly is_held: boolean })[]> => {
  const isOne = 'name' in which;
  const rows = await tx<(ScheduleRow & { readonly is_held: boolean })[]>`
    select *, ${isHeld(tx)} as is_held from schedules where project = ${project} and deleted_at is null
      ${isOne ? tx`and name = ${which.name}` : filtered(tx, which)}
    order by id limit ${AT_ONCE} for update`;
  if (isOne && rows.length === 0) throw new NotFound('schedule', which.name);
  return rows;
};
