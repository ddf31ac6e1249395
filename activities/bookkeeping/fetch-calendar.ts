import { Context } from '@temporalio/activity';
import type { Agent } from 'undici';
import type { Database } from '#db/client.ts';
import { keepRead, type TextRead } from '#db/queries/calendars/reads.ts';
import { CALENDAR_LIMITS } from '#jobs/calendars/definition.ts';
import type { CalendarAnswer, CalendarCall } from '#jobs/calendars/fetch.ts';
import { StepFailure } from '#jobs/failure.ts';
import type { Config } from '#platform/config.ts';
import { ENCODINGS } from '../transports/http/body.ts';
import { guardedAgent } from '../transports/http/guarded-agent.ts';
import { send } from '../transports/http/send.ts';

const REDIRECTS = 5;

/** What is known of a text that was read before, so that its server can say that it is still the same. */
export type ReadBefore = Pick<TextRead, 'etag' | 'last_modified'>;

/** A calendar that was asked for: its text, that it is as before, or why there is none. */
export type FetchedCalendar = TextRead | 'unchanged' | { readonly error: string };

/** Reads the calendar at an address, which is judged as those of steps are. */
export async function fetchCalendar(agent: Agent, text: string, before: ReadBefore | null, signal: AbortSignal): Promise<FetchedCalendar> {
  const url = URL.parse(text);
  if (url === null) return { error: `${JSON.stringify(text.slice(0, 200))} is no address` };
  const place = `${url.origin}${url.pathname}`;
  const headers = {
    'user-agent': 'capstan',
    accept: 'text/calendar, text/plain;q=0.5, */*;q=0.1',
    'accept-encoding': ENCODINGS,
    ...(before?.etag != null && { 'if-none-match': before.etag }),
    ...(before?.last_modified != null && { 'if-modified-since': before.last_modified }),
  };
  try {
    const { icalBytes: maxBytes } = CALENDAR_LIMITS;
    const answer = await send(
      agent,
      { method: 'GET', url, headers, privateHeaders: [], body: null, redirects: REDIRECTS, maxBytes },
      signal,
    );
    if (answer.status === 304 && before !== null) return 'unchanged';
    if (answer.status !== 200) return { error: `${place} answered ${answer.status}` };
    return {
      text: answer.body.toString('utf8'),
      etag: answer.headers.etag?.slice(0, 1_000) ?? null,
      last_modified: answer.headers['last-modified']?.slice(0, 100) ?? null,
    };
  } catch (error) {
    if (error instanceof StepFailure) return { error: error.message.slice(0, 1_000) };
    throw error;
  }
}

/** The activity that reads a calendar for somebody who is about to save it. */
export const createFetchCalendar = ({ worker }: Pick<Config, 'worker'>, { sql }: Pick<Database, 'sql'>) => {
  const agent = guardedAgent(worker.http_allow);
  return {
    async readCalendarAt({ url }: CalendarCall): Promise<CalendarAnswer> {
      const fetched = await fetchCalendar(agent, url, null, Context.current().cancellationSignal);
      if (fetched === 'unchanged') return { error: 'the address answered that nothing changed, though nothing was known' };
      if ('error' in fetched) return fetched;
      // Postgres keeps no text that holds one.
      if (fetched.text.includes('\0')) return { error: 'the text holds a NUL character' };
      return { read: await keepRead(sql, fetched) };
    },
  };
};
