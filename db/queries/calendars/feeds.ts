import type { Instance } from '#jobs/calendars/definition.ts';
import type { Sql } from '../../client.ts';
import type { CalendarFeedRow } from '../../schema/calendars.ts';
import { armUsersOf } from '../schedules/arm-again.ts';

/** An import that is to be read or worked out again. */
export type DueFeed = Pick<
  CalendarFeedRow,
  'calendar_id' | 'url' | 'refresh_ms' | 'text' | 'hash' | 'etag' | 'last_modified' | 'attempts'
> & {
  readonly project: string;
  readonly name: string;
};

/** How long nobody else takes up an import that somebody is at. */
const LEASE_MINUTES = 10;

/** Takes up imports that are due. Served by calendar_feeds_due_at. */
export const takeDueFeeds = async (sql: Sql, limit: number): Promise<readonly DueFeed[]> =>
  sql<DueFeed[]>`
    with due as (
      select calendar_id from calendar_feeds where due_at <= now() order by due_at limit ${limit} for update skip locked
    ), taken as (
      update calendar_feeds f set due_at = now() + make_interval(mins => ${LEASE_MINUTES})
      from due where f.calendar_id = due.calendar_id
      returning f.*
    )
    select t.calendar_id, t.url, t.refresh_ms, t.text, t.hash, t.etag, t.last_modified, t.attempts, c.project, c.name
    from taken t join calendars c on c.id = t.calendar_id`;

/** What an import came to. */
export interface FeedReading extends Pick<CalendarFeedRow, 'text' | 'hash' | 'events' | 'etag' | 'last_modified'> {
  readonly instances: readonly Instance[];
  readonly from: number;
  readonly to: number;
}

/** Keeps what was read for an import, unless it was replaced meanwhile; of a text that changed, Temporal is told by the schedules that use it. */
export const keepReading = async (sql: Sql, feed: DueFeed, reading: FeedReading, dueAt: number): Promise<void> => {
  await sql.begin(async (tx) => {
    const kept = await tx`
      update calendar_feeds set
        text = ${reading.text}, hash = ${reading.hash}, events = ${reading.events}, instances = ${tx.json(reading.instances as never)},
        etag = ${reading.etag}, last_modified = ${reading.last_modified}, attempts = 0, problem = null,
        expanded_from = ${new Date(reading.from).toISOString()}, expanded_to = ${new Date(reading.to).toISOString()},
        fetched_at = now(), tried_at = now(), due_at = ${new Date(dueAt).toISOString()}
      where calendar_id = ${feed.calendar_id} and hash = ${feed.hash} and url is not distinct from ${feed.url}`;
    if (kept.count > 0 && reading.hash !== feed.hash) await armUsersOf(tx, feed.project, [feed.name]);
  });
};

/** Keeps why an import could not be read; what was read before counts on. */
export const keepProblem = async (sql: Sql, feed: DueFeed, problem: string, dueAt: number): Promise<void> => {
  await sql`
    update calendar_feeds set problem = ${problem}, attempts = attempts + 1, tried_at = now(), due_at = ${new Date(dueAt).toISOString()}
    where calendar_id = ${feed.calendar_id} and hash = ${feed.hash} and url is not distinct from ${feed.url}`;
};
