import { createHash } from 'node:crypto';
import type { Agent } from 'undici';
import { fetchCalendar } from '#activities/bookkeeping/fetch-calendar.ts';
import { guardedAgent } from '#activities/transports/http/guarded-agent.ts';
import type { Database, Sql } from '#db/client.ts';
import { type DueFeed, keepProblem, keepReading, takeDueFeeds, type WorkedOut } from '#db/queries/calendars/feeds.ts';
import { horizonAt, REWORK_MS, retryMs } from '#jobs/calendars/refresh.ts';
import type { Config } from '#platform/config.ts';
import { IcalProblem } from '#platform/ical/components.ts';
import { readIcal } from '#platform/ical.ts';
import { zoneData } from '#platform/zone-data.ts';

/** Imports taken up in one round. */
const AT_ONCE = 5;
const FETCH_MS = 30_000;

/** Reads the calendars elsewhere that are due, and works out anew what the next months of all of them hold. What cannot be read keeps its last good text. */
export async function refreshCalendars({ sql }: Pick<Database, 'sql'>, { worker }: Pick<Config, 'worker'>): Promise<void> {
  const agent = agentFor(worker.http_allow);
  const feeds = await takeDueFeeds(sql, zoneData().version, AT_ONCE);
  // Together, so that one that does not answer keeps no other waiting.
  const ends = await Promise.allSettled(feeds.map((feed) => refresh(sql, agent, feed)));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

async function refresh(sql: Sql, agent: Agent, feed: DueFeed): Promise<void> {
  const now = Date.now();
  const every = feed.refresh_ms ?? REWORK_MS;
  try {
    const { text, etag, last_modified } = feed.url === null ? feed : await readAt(agent, feed, feed.url);
    const hash = createHash('sha256').update(text).digest('hex');
    await keepReading(sql, feed, { text, etag, last_modified, hash, ...(await workOut(text, now)) }, now + every);
  } catch (error) {
    const said = error instanceof IcalProblem ? `${error.line === null ? '' : `line ${error.line}: `}${error.message}` : messageOf(error);
    await keepProblem(sql, feed, said.slice(0, 1_000), await workOutOld(feed, now), now + retryMs(feed.attempts, every));
  }
}

async function workOut(text: string, now: number): Promise<WorkedOut> {
  const horizon = horizonAt(now);
  return { ...(await readIcal(text, horizon)), from: horizon.from, to: horizon.to, zone_data: zoneData().version };
}

/** What the last good text says, where that was worked out long ago or by other zone data; null: it is known, or cannot be read any more. */
async function workOutOld({ text, expanded_to, zone_data }: DueFeed, now: number): Promise<WorkedOut | null> {
  const isKnown = zone_data === zoneData().version && horizonAt(now).to - Date.parse(expanded_to) < REWORK_MS;
  return isKnown ? null : workOut(text, now).catch(() => null);
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
