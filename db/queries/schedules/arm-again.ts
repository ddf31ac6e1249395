import type { Queryable } from '../../client.ts';

/** Has Temporal told again of schedules whose moments something else than an edit has changed: a calendar, the zone data. */
export const armAgain = async (tx: Queryable, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return;
  await tx`
    update schedules set arm_at = now(), arm_attempts = 0, live_since = now()
    where id = any(${[...ids]}::uuid[]) and deleted_at is null`;
};

/** As `armAgain`, for all that use one of these calendars. Served by schedule_calendars_calendar. */
export const armUsersOf = async (tx: Queryable, project: string, calendars: readonly string[]): Promise<void> => {
  await tx`
    update schedules s set arm_at = now(), arm_attempts = 0, live_since = now()
    where s.project = ${project} and s.deleted_at is null
      and s.id in (select schedule_id from schedule_calendars where calendar = any(${[...calendars]}::text[]))`;
};
