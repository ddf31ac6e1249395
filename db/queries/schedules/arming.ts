import type { Queryable, Sql } from '../../client.ts';
import type { ScheduleRow } from '../../schema/schedules.ts';
import { allHeld } from './held-all.ts';

/** A schedule that Temporal is to be told of, by whoever claimed it. */
export type ToArm = Omit<ScheduleRow, 'arming_until'> & {
  /** What only this claim knows. */
  readonly arming_until: string;
  readonly claimed_at: string;
  /** Of its job, 1 to 10; null without one. */
  readonly job_priority: number | null;
  /** All schedules are stopped. */
  readonly all_stopped: boolean;
};

/** Longer than anybody tries; then somebody else may. */
const LEASE_SECONDS = 60;

/** Schedules that Temporal is to be told of, the longest due first, deleted ones too; nobody else gets them for a minute. Served by schedules_arm_at and schedules_arming_until. */
export const claimToArm = async (sql: Sql, limit: number): Promise<readonly ToArm[]> => {
  // By the clock of the database alone, and cut as rows are read.
  const lease = sql`date_trunc('milliseconds', clock_timestamp()) + make_interval(secs => ${LEASE_SECONDS})`;
  return sql<ToArm[]>`
    with due as materialized (
      select id from schedules
      where (arm_at <= now() and (arming_until is null or arming_until <= now())) or arming_until <= now()
      order by coalesce(arm_at, arming_until) limit ${limit} for update skip locked
    ), claimed as (
      update schedules set arm_at = null, arming_until = ${lease} where id in (select id from due) returning *
    )
    select c.*, clock_timestamp() as claimed_at, ${allHeld(sql)} as all_stopped, (
      select (v.plan ->> 'priority')::integer from jobs j join job_versions v on v.job_id = j.id and v.version = j.version
      where j.project = c.project and j.name = c.job and j.deleted_at is null
    ) as job_priority
    from claimed c`;
};

/** What Temporal knows after it was told. */
export interface Armed {
  readonly plannedUntil: number | null;
  readonly calendars: number;
  readonly zoneData: string;
  readonly nextAt: number | null;
}

/** Writes down what Temporal was told; when somebody else has told it meanwhile, it is told again. */
export const settleArmed = async (sql: Queryable, { id, version, arming_until, claimed_at }: ToArm, armed: Armed): Promise<void> => {
  const { plannedUntil, calendars, zoneData, nextAt } = armed;
  await sql`
    update schedules set
      arm_at = case when arming_until = ${arming_until} then arm_at else now() end,
      arming_until = case when arming_until = ${arming_until} then null else arming_until end,
      arm_attempts = 0, arm_problem = null, armed_version = ${version}, armed_at = ${claimed_at},
      planned_until = ${plannedUntil === null ? null : new Date(plannedUntil)}, planned_calendars = ${calendars}, zone_data = ${zoneData},
      next_at = case when version = ${version} then ${nextAt === null ? null : new Date(nextAt)} else next_at end
    where id = ${id}`;
};

/** Writes down that Temporal no longer knows a schedule that was deleted. */
export const settleRemoved = async (sql: Queryable, { id }: ToArm): Promise<void> => {
  await sql`
    update schedules set arm_at = null, arming_until = null, arm_attempts = 0, arm_problem = null, armed_version = null, next_at = null where id = ${id}`;
};

/** Longest pause between two tries: Temporal was away, or this schedule cannot be told. */
const LONGEST_AWAY_SECONDS = 15;
const LONGEST_SECONDS = 600;

/** Has it tried again later, with growing pauses, and shows why it was not told. */
export const postponeArming = async (sql: Queryable, rows: readonly ToArm[], problem: string, isAway: boolean): Promise<void> => {
  await sql`
    with theirs as materialized (
      select id from schedules
      where id = any(${rows.map(({ id }) => id)}::uuid[]) and arming_until = any(${rows.map(({ arming_until }) => arming_until)}::timestamptz[])
      order by id for no key update
    )
    update schedules set arming_until = null, arm_attempts = arm_attempts + 1, arm_problem = ${problem},
      arm_at = least(arm_at, now() + make_interval(secs => least(2 ^ least(arm_attempts, 10), ${isAway ? LONGEST_AWAY_SECONDS : LONGEST_SECONDS}::integer)))
    where id in (select id from theirs)`;
};
