import type { Queryable } from '../../client.ts';

/** Has Temporal told again of schedules whose moments one of these calendars has changed; in the transaction that changes it. Served by schedule_calendars_calendar. */
export const armUsersOf = async (tx: Queryable, project: string, calendars: readonly string[]): Promise<void> => {
  await tx`
    with theirs as materialized (
      select s.id from schedules s
      where s.project = ${project} and s.deleted_at is null
        and s.id in (select schedule_id from schedule_calendars where calendar = any(${[...calendars]}::text[]))
      order by s.id for no key update of s
    )
    update schedules s set arm_at = now(), arm_attempts = 0, live_since = clock_timestamp() from theirs where s.id = theirs.id`;
};
