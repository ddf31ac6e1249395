import type { Queryable } from '../../client.ts';
import type { CalendarFeedRow, CalendarRow } from '../../schema/calendars.ts';
import { hasText } from '../has-text.ts';

/** A calendar with what is known of the events it imports. */
export type CalendarWithFeed = CalendarRow & { readonly feed: FeedState | null };

/** How an import stands; its text and its events are not part of it. */
export type FeedState = Omit<CalendarFeedRow, 'calendar_id' | 'text' | 'instances' | 'zone_data' | 'etag' | 'last_modified'> & {
  readonly bytes: number;
  readonly instances: number;
};

/** Everything of calendars as `CalendarWithFeed`, to be filtered. */
const withFeed = (sql: Queryable) => sql`
  select c.*, case when f.calendar_id is not null then jsonb_build_object(
    'url', f.url, 'refresh_ms', f.refresh_ms, 'hash', f.hash, 'events', f.events, 'attempts', f.attempts, 'problem', f.problem,
    'bytes', octet_length(f.text), 'instances', jsonb_array_length(f.instances),
    'expanded_from', ${iso(sql, 'expanded_from')}, 'expanded_to', ${iso(sql, 'expanded_to')}, 'fetched_at', ${iso(sql, 'fetched_at')},
    'tried_at', ${iso(sql, 'tried_at')}, 'due_at', ${iso(sql, 'due_at')})
  end as feed
  from calendars c left join calendar_feeds f on f.calendar_id = c.id`;

const iso = (sql: Queryable, column: string) => sql`to_char(f.${sql(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** A calendar by its name, or null. Served by calendars_name. */
export const findCalendar = async (sql: Queryable, project: string, name: string): Promise<CalendarWithFeed | null> => {
  const [row] = await sql<CalendarWithFeed[]>`${withFeed(sql)} where c.project = ${project} and c.name = ${name}`;
  return row ?? null;
};

/** Calendars, or those with this text in their name, by name, after one. Served by calendars_name. */
export const listCalendars = async (
  sql: Queryable,
  project: string,
  after: string,
  limit: number,
  text?: string,
): Promise<readonly CalendarWithFeed[]> =>
  sql<CalendarWithFeed[]>`
    ${withFeed(sql)} where c.project = ${project} and c.name > ${after} ${hasText(sql, text, sql`c.name`)} order by c.name limit ${limit}`;
