import { v7 as uuidv7 } from 'uuid';
import { canonical } from '#jobs/canonical.ts';
import type { Json } from '#jobs/json.ts';
import { SCHEDULE_DEFAULTS, type ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { meansSameTimes } from '#jobs/schedules/same-times.ts';
import { type Audit, writeAudit } from '../../audit.ts';
import { jsonRows, type Sql, type Transaction } from '../../client.ts';
import { NameTaken, requireVersion } from '../../conflicts.ts';
import type { ScheduleRow } from '../../schema/schedules.ts';
import { holdCalendars } from '../calendars/used-calendars.ts';
import { changeOnce } from '../change-once.ts';
import type { OwnedKey } from '../take-key.ts';
import { followJobs } from './follow-jobs.ts';

/** A checked schedule ready to be kept: the text as written, its meaning, and when it starts something next. */
export interface CheckedSchedule {
  readonly source: string;
  readonly format: 'yaml' | 'json';
  readonly definition: ScheduleDefinition;
  /** Epoch milliseconds; null: never again. */
  readonly nextAt: number | null;
  /** Why it was changed. */
  readonly message?: string | null;
}

/**
 * Saves a schedule; that Temporal is to be told is part of the save. `expected` is the version the change was made from, null to create it;
 * a text that is there already changes nothing. Once for a key; throws NameTaken, NotFound, VersionConflict, IdempotencyConflict, InvalidInput for
 * calendars that are gone.
 */
export const saveSchedule = async (
  sql: Sql,
  project: string,
  schedule: CheckedSchedule,
  expected: number | null,
  audit: Audit,
  key: OwnedKey | null = null,
): Promise<ScheduleRow> =>
  changeOnce(sql, key, async (tx) => {
    const { name, calendars = [] } = schedule.definition;
    await holdCalendars(
      tx,
      project,
      calendars.map((use) => use.name),
    );
    const before = await lockSchedule(tx, project, name);
    refuseOther(name, before, expected);
    if (before && before.source === schedule.source && isSame(before.definition, schedule.definition)) return before;
    const row = before ? await change(tx, before, schedule, audit) : await create(tx, { id: uuidv7(), project }, schedule, audit);
    await keepMeaning(tx, row, audit);
    await followJobs(tx, project, [row.job], row.id);
    await writeAudit(tx, audit, {
      project,
      action: before ? 'schedule.save' : 'schedule.create',
      subject_kind: 'schedule',
      subject: name,
      before: before && { version: before.version, definition: before.definition },
      after: { version: row.version, definition: row.definition },
    });
    return (await lockSchedule(tx, project, name)) ?? row;
  });

/** Throws when what is there is not what the change was made from. */
function refuseOther(name: string, before: ScheduleRow | null, expected: number | null): void {
  if (expected !== null) requireVersion('schedule', name, before, expected);
  else if (before) throw new NameTaken('schedule', name);
}

/** A schedule that nobody else changes until the end of the transaction, or null. Served by schedules_name. */
export const lockSchedule = async (tx: Transaction, project: string, name: string): Promise<ScheduleRow | null> => {
  const [row] = await tx<ScheduleRow[]>`
    select * from schedules where project = ${project} and name = ${name} and deleted_at is null for update`;
  return row ?? null;
};

const isSame = (a: ScheduleDefinition, b: ScheduleDefinition): boolean =>
  canonical(a as unknown as Json) === canonical(b as unknown as Json);

const valuesOf = (tx: Transaction, { source, format, definition, nextAt }: CheckedSchedule) => ({
  source,
  format,
  definition: tx.json(definition as never),
  job: definition.job,
  timezone: definition.timezone ?? SCHEDULE_DEFAULTS.timezone,
  client: definition.client ?? null,
  priority: definition.priority ?? null,
  next_at: nextAt === null ? null : new Date(nextAt).toISOString(),
});

const create = async (
  tx: Transaction,
  place: { readonly id: string; readonly project: string },
  schedule: CheckedSchedule,
  { actor }: Audit,
): Promise<ScheduleRow> => {
  const { name } = schedule.definition;
  const [row] = await tx<ScheduleRow[]>`
    insert into schedules ${tx({ ...place, name, created_by: actor, updated_by: actor, ...valuesOf(tx, schedule) })}
    on conflict (project, name) where deleted_at is null do nothing returning *`;
  if (!row) throw new NameTaken('schedule', name);
  return row;
};

/** New times count from now on, also for what is on its way: nothing of the old rule that comes later is started. */
const change = async (tx: Transaction, before: ScheduleRow, schedule: CheckedSchedule, { actor }: Audit): Promise<ScheduleRow> => {
  const isOtherTimes = !meansSameTimes(before.definition, schedule.definition);
  const [row] = await tx<ScheduleRow[]>`
    update schedules set ${tx(valuesOf(tx, schedule))}, version = version + 1, arm_at = now(), arm_attempts = 0,
      effective_at = case when ${isOtherTimes} then now() else effective_at end,
      live_since = case when ${isOtherTimes} then clock_timestamp() else live_since end,
      updated_at = now(), updated_by = ${actor}
    where id = ${before.id} returning *`;
  return row as ScheduleRow;
};

const keepMeaning = async (tx: Transaction, { id, version, definition }: ScheduleRow, { actor }: Audit): Promise<void> => {
  await tx`
    insert into schedule_versions (schedule_id, version, definition, author) values (${id}, ${version}, ${tx.json(definition as never)}, ${actor})`;
  const uses = [...new Set((definition.calendars ?? []).map(({ name }) => name))].map((calendar) => ({ calendar }));
  await tx`delete from schedule_calendars where schedule_id = ${id}`;
  await tx`
    insert into schedule_calendars (schedule_id, calendar)
    select ${id}, calendar from jsonb_to_recordset(${jsonRows(tx, uses)}) as u (calendar text)`;
};
