import { createHash } from 'node:crypto';
import type { Agent } from 'undici';
import { fetchCalendar } from '#activities/bookkeeping/fetch-calendar.ts';
import { guardedAgent } from '#activities/transports/http/guarded-agent.ts';
import type { Database } from '#db/client.ts';
import { type DueFeed, keepProblem, keepReading, takeDueFeeds } from '#db/queries/calendars/feeds.ts';
import { horizonAt, REWORK_MS, retryMs } from '#jobs/calendars/refresh.ts';
import type { Config } from '#platform/config.ts';
import { IcalProblem } from '#platform/ical/components.ts';
import { readIcal } from '#platform/ical.ts';

/** Imports taken up in one round. */
const AT_ONCE = 5;
const FETCH_MS = 30_000;

/** Reads the calendars elsewhere that are due, and works out anew what the next months of all of them hold. What cannot be read keeps its last good text. */
export async function refreshCalendars({ sql }: Pick<Database, 'sql'>, { worker }: Pick<Config, 'worker'>): Promise<void> {
  const agent = agentFor(worker.http_allow);
  for (const feed of await takeDueFeeds(sql, AT_ONCE)) {
    const now = Date.now();
    try {
      const read = feed.url === null ? feed : await readAt(agent, feed, feed.url);
      const horizon = horizonAt(now);
      const { instances, events } = await readIcal(read.text, horizon);
      const { text, etag, last_modified } = read;
      const hash = createHash('sha256').update(text).digest('hex');
      await keepReading(
        sql,
        feed,
        { text, etag, last_modified, hash, instances, events, from: horizon.from, to: horizon.to },
        now + (feed.refresh_ms ?? REWORK_MS),
      );
    } catch (error) {
      const said = error instanceof IcalProblem ? `${error.line === null ? '' : `line ${error.line}: `}${error.message}` : messageOf(error);
      await keepProblem(sql, feed, said.slice(0, 1_000), now + retryMs(feed.attempts, feed.refresh_ms ?? REWORK_MS));
    }
  }
}

const agents = new WeakMap<readonly string[], Agent>();

/** One for each worker, whose allow list it keeps to. */
function agentFor(allow: readonly string[]): Agent {
  const agent = agents.get(allow) ?? guardedAgent(allow);
  agents.set(allow, agent);
  return agent;
}

/** The text at an address, or the one from before where it is still the same. Throws an Error that says why there is none. */
async function readAt(agent: Agent, feed: DueFeed, url: string): Promise<Pick<DueFeed, 'text' | 'etag' | 'last_modified'>> {
  const fetched = await fetchCalendar(agent, url, feed, AbortSignal.timeout(FETCH_MS));
  if (fetched === 'unchanged') return feed;
  if ('error' in fetched) throw new Error(fetched.error);
  return fetched;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
