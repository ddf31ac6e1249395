import type { Queryable } from '../../client.ts';
import type { ScheduleRow } from '../../schema/schedules.ts';
import { allHeld } from './held-all.ts';

/** As much of a schedule as tells whether Temporal knows of it as it stands. */
export interface Standing extends Pick<ScheduleRow, 'id' | 'name' | 'version'> {
  /** Temporal is to start nothing. */
  readonly is_held: boolean;
  /** Nobody is about to tell it something else. */
  readonly is_settled: boolean;
}

/** The schedules of these ids that there are and that Temporal was told of a while ago. Served by the primary key. */
export const standingOf = async (sql: Queryable, ids: readonly string[]): Promise<readonly Standing[]> =>
  sql<Standing[]>`
    select c.id, c.name, c.version,
      c.paused or c.stopped_reason is not null or (c.definition ->> 'overlap' in ('cancel_other', 'terminate_other') and ${allHeld(sql)}) as is_held,
      c.arm_at is null and c.arming_until is null and c.armed_version = c.version and c.armed_at < now() - interval '1 minute' as is_settled
    from schedules c where c.id = any(${[...ids]}::uuid[]) and c.deleted_at is null`;

/** The next so many schedules by id that Temporal was told of a while ago and that still have moments to come. Served by the primary key. */
export const listArmed = async (sql: Queryable, after: string | null, limit: number): Promise<readonly string[]> => {
  const rows = await sql<{ id: string }[]>`
    select id from schedules
    where (${after}::uuid is null or id > ${after}) and deleted_at is null and next_at is not null and arm_at is null and arming_until is null
      and armed_at < now() - interval '1 minute'
    order by id limit ${limit}`;
  return rows.map(({ id }) => id);
};

/** Has Temporal told again of schedules it knows wrongly. */
export const tellAgain = async (sql: Queryable, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return;
  await sql`
    with theirs as materialized (
      select id from schedules where id = any(${[...ids]}::uuid[]) and deleted_at is null order by id for no key update
    )
    update schedules set arm_at = now(), arm_attempts = 0 where id in (select id from theirs)`;
};

/** A schedule is planned again after a month, or when half of the time that it could be planned for is over. */
const RENEWED_AFTER = '30 days';

/** Has so many schedules planned again whose horizon has come nearer, or that were planned by other zone data; answers how many. Served by schedules_planned_until. */
export const renewPlans = async (sql: Queryable, zoneData: string, limit: number): Promise<number> => {
  const rows = await sql`
    update schedules set arm_at = now(), arm_attempts = 0
    where id in (
      select id from schedules
      where deleted_at is null and next_at is not null and arm_at is null and arming_until is null and armed_at is not null
        and (zone_data <> ${zoneData} or now() > armed_at + least(${RENEWED_AFTER}::interval, (planned_until - armed_at) / 2))
      order by planned_until limit ${limit} for update skip locked
    ) returning id`;
  return rows.length;
};

/** Schedules that reach less than a year ahead although they were planned for more, or will start nothing in a week unless they are planned again. */
export const listShortPlans = async (sql: Queryable, limit: number): Promise<readonly Pick<ScheduleRow, 'name' | 'planned_until'>[]> =>
  sql<Pick<ScheduleRow, 'name' | 'planned_until'>[]>`
    select name, planned_until from schedules
    where deleted_at is null and next_at is not null and planned_until < now() + interval '1 year'
      and (planned_until - armed_at > interval '1 year' or planned_until < now() + interval '7 days')
    order by planned_until limit ${limit}`;
