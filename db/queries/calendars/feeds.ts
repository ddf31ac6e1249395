import type { PendingQuery, Row } from 'postgres';
import type { Instance } from '#jobs/calendars/definition.ts';
import type { Sql, Transaction } from '../../client.ts';
import type { CalendarFeedRow } from '../../schema/calendars.ts';
import { armUsersOf } from '../schedules/arm-again.ts';

/** An import that is to be read or worked out again. */
export type DueFeed = Pick<
  CalendarFeedRow,
  'calendar_id' | 'url' | 'refresh_ms' | 'text' | 'hash' | 'etag' | 'last_modified' | 'attempts' | 'expanded_to' | 'zone_data'
> & {
  readonly project: string;
  readonly name: string;
};

/** How long nobody else takes up an import that somebody is at. */
const LEASE_MINUTES = 10;

/** Takes up imports that are due, and those whose events were worked out by older zone data than these; their `zone_data` are still those. Served by calendar_feeds_due_at. */
export const takeDueFeeds = async (sql: Sql, zoneData: string, limit: number): Promise<readonly DueFeed[]> =>
  sql<DueFeed[]>`
    with due as (
      select calendar_id, zone_data from calendar_feeds where due_at <= now() or zone_data < ${zoneData} order by due_at limit ${limit} for update skip locked
    ), taken as (
      update calendar_feeds f set due_at = now() + make_interval(mins => ${LEASE_MINUTES}), zone_data = greatest(f.zone_data, ${zoneData})
      from due where f.calendar_id = due.calendar_id
      returning f.*, due.zone_data as zones_before
    )
    select t.calendar_id, t.url, t.refresh_ms, t.text, t.hash, t.etag, t.last_modified, t.attempts, t.expanded_to, t.zones_before as zone_data,
      c.project, c.name
    from taken t join calendars c on c.id = t.calendar_id`;

/** Has the calendar at an address read again at once; false when it has no address. Served by the primary key of calendar_feeds. */
export const refreshSoon = async (tx: Transaction, calendar: string): Promise<boolean> => {
  const rows =
    await tx`update calendar_feeds set due_at = least(due_at, now()) where calendar_id = ${calendar} and url is not null returning 1`;
  return rows.length > 0;
};

/** The events of an import, worked out for a span between two moments (epoch milliseconds) by these zone data. */
export interface WorkedOut extends Pick<CalendarFeedRow, 'events' | 'zone_data'> {
  readonly instances: readonly Instance[];
  readonly from: number;
  readonly to: number;
}

/** Keeps what was read for an import, unless it was replaced meanwhile; where that changes what is ahead, Temporal is told by the schedules that use it. */
export const keepReading = async (
  sql: Sql,
  feed: DueFeed,
  { text, hash, etag, last_modified, ...worked }: Pick<CalendarFeedRow, 'text' | 'hash' | 'etag' | 'last_modified'> & WorkedOut,
  dueAt: number,
): Promise<void> => {
  await sql.begin(async (tx) => {
    if (!(await putEvents(tx, feed, worked))) return;
    await tx`
      update calendar_feeds set text = ${text}, hash = ${hash}, etag = ${etag}, last_modified = ${last_modified}, attempts = 0, problem = null,
        fetched_at = now(), tried_at = now(), due_at = ${new Date(dueAt).toISOString()}
      where calendar_id = ${feed.calendar_id}`;
  });
};

/** Keeps why an import could not be read; what was read before counts on, `worked` out anew where that was due. */
export const keepProblem = async (sql: Sql, feed: DueFeed, problem: string, worked: WorkedOut | null, dueAt: number): Promise<void> => {
  await sql.begin(async (tx) => {
    if (worked) await putEvents(tx, feed, worked);
    await tx`
      update calendar_feeds set problem = ${problem}, attempts = attempts + 1, tried_at = now(), due_at = ${new Date(dueAt).toISOString()}
      where calendar_id = ${feed.calendar_id} and hash = ${feed.hash} and url is not distinct from ${feed.url}`;
  });
};

/** False when the import was replaced meanwhile. Texts change without a change of their events, and events without one of their text, as when zones do. */
const putEvents = async (tx: Transaction, feed: DueFeed, { events, instances, from, to, zone_data }: WorkedOut): Promise<boolean> => {
  const now = new Date().toISOString();
  const until = tx`least(before.expanded_to, ${new Date(to).toISOString()}::timestamptz)`;
  const ahead = (all: PendingQuery<Row[]>) => tx`(
    select coalesce(jsonb_agg(one order by one), '[]') from jsonb_array_elements(${all}) as one
    where one ->> 1 > ${now} and one ->> 0 < to_char(${until} at time zone 'UTC', 'YYYY-MM-DD'))`;
  const [kept] = await tx<{ is_other: boolean }[]>`
    with before as materialized (
      select calendar_id, instances, expanded_to from calendar_feeds
      where calendar_id = ${feed.calendar_id} and hash = ${feed.hash} and url is not distinct from ${feed.url} for update
    )
    update calendar_feeds f set events = ${events}, instances = ${tx.json(instances as never)}, zone_data = ${zone_data},
      expanded_from = ${new Date(from).toISOString()}, expanded_to = ${new Date(to).toISOString()}
    from before where f.calendar_id = before.calendar_id
    returning ${ahead(tx`before.instances`)} <> ${ahead(tx`f.instances`)} as is_other`;
  if (kept?.is_other) await armUsersOf(tx, feed.project, [feed.name]);
  return kept !== undefined;
};
