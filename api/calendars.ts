import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Audit } from '#db/audit.ts';
import { calendarUsers } from '#db/queries/calendars/calendar-users.ts';
import { type CalendarWithFeed, findCalendar } from '#db/queries/calendars/find-calendar.ts';
import { type KnownCalendar, knownCalendars, spansFor } from '#db/queries/calendars/known-calendars.ts';
import { type TextRead, takeRead } from '#db/queries/calendars/reads.ts';
import { type CheckedCalendar, type CheckedFeed, saveCalendar } from '#db/queries/calendars/save-calendar.ts';
import { CALENDAR_FETCH_MS, type CalendarAnswer, type CalendarCall, FETCH_CALENDAR_WORKFLOW } from '#jobs/calendars/fetch.ts';
import { refreshOf } from '#jobs/calendars/read-calendar.ts';
import { horizonAt, REWORK_MS } from '#jobs/calendars/refresh.ts';
import { errorAt, InvalidInput } from '#jobs/problem.ts';
import { wallText } from '#jobs/recurrence/civil.ts';
import type { Span } from '#jobs/recurrence/wanted.ts';
import { IcalProblem } from '#platform/ical/components.ts';
import { readIcal } from '#platform/ical.ts';
import { zoneData } from '#platform/zone-data.ts';
import { RUN_QUEUE } from '#workflows/messages.ts';
import { effectsOf } from './calendar-effects.ts';
import type { Env } from './env.ts';
import { requireZone } from './moments.ts';
import { orChangedBefore } from './or-changed-before.ts';
import { notFound, unavailable } from './problem.ts';
import { PROJECT } from './project.ts';
import type { Services } from './services.ts';
import { type CalendarDryRun, type CalendarSaved, type CalendarSpan, viewOf } from './views/calendar.ts';

/** A calendar as it is to be saved; `feed` undefined: what it imports stays as it is. */
export interface WantedCalendar extends CheckedCalendar {
  readonly feed: CheckedFeed | null | undefined;
}

/** The calendar of this name; throws 404 when there is none. */
export async function requireCalendar({ database }: Services, name: string): Promise<CalendarWithFeed> {
  const calendar = await findCalendar(database.sql, PROJECT, name);
  if (!calendar) throw notFound(`no calendar ${name}`);
  return calendar;
}

/** What a calendar imports once it says this, and stands there now so; what is elsewhere is read now if it is not known yet. Throws InvalidInput for what cannot be read. */
export async function feedOf(
  services: Services,
  { definition }: CheckedCalendar,
  before: CalendarWithFeed | null,
): Promise<WantedCalendar['feed']> {
  const { ical } = definition;
  const kept = before?.feed ?? null;
  if (ical === undefined) return kept?.url == null ? undefined : null;
  const refreshMs = refreshOf(ical);
  if (kept?.url === ical.url && kept.refresh_ms === refreshMs) return undefined;
  return checkFeed(await readElsewhere(services, ical.url), '/ical/url', { url: ical.url, refreshMs });
}

/** A text with its events, found right. Throws InvalidInput with the line of what is wrong. */
export async function checkFeed(
  { text, etag, last_modified }: TextRead,
  pointer: string,
  from: { readonly url: string; readonly refreshMs: number } | null,
): Promise<CheckedFeed> {
  const now = Date.now();
  const horizon = horizonAt(now);
  try {
    const { events, instances } = await readIcal(text, horizon);
    const hash = createHash('sha256').update(text).digest('hex');
    const refresh_ms = from?.refreshMs ?? null;
    return {
      url: from?.url ?? null,
      refresh_ms,
      text,
      hash,
      events,
      instances,
      zone_data: zoneData().version,
      etag,
      last_modified,
      from: horizon.from,
      to: horizon.to,
      dueAt: now + (refresh_ms ?? REWORK_MS),
    };
  } catch (error) {
    if (!(error instanceof IcalProblem)) throw error;
    const line = error.line === null ? '' : `line ${error.line}: `;
    throw new InvalidInput([{ ...errorAt(pointer, `${line}${error.message}`), ...(error.line !== null && { line: error.line }) }]);
  }
}

async function readElsewhere({ temporal, database }: Services, url: string): Promise<TextRead> {
  const answer = await ask(temporal, { url });
  if ('error' in answer) throw new InvalidInput([errorAt('/ical/url', `it cannot be read: ${answer.error}`, { value: url })]);
  const read = await takeRead(database.sql, answer.read);
  if (!read) throw unavailable('ical.url: what was read there is gone already', 2);
  return read;
}

async function ask(temporal: Services['temporal'], call: CalendarCall): Promise<CalendarAnswer> {
  try {
    return await temporal.within(CALENDAR_FETCH_MS + 2_000, () =>
      temporal.client.workflow.execute<(call: CalendarCall) => Promise<CalendarAnswer>>(FETCH_CALENDAR_WORKFLOW, {
        taskQueue: RUN_QUEUE,
        workflowId: `calendar:${uuidv7()}`,
        args: [call],
        workflowRunTimeout: '15s',
      }),
    );
  } catch (cause) {
    throw unavailable(`ical.url: no answer within ${CALENDAR_FETCH_MS / 1_000} s; nothing was saved`, 10, cause);
  }
}

/** Saves a calendar over the state it was changed from, once for an `Idempotency-Key`, unless `refuse` throws; or, dry, only says what that would come to. */
export async function keepCalendar(
  c: Context<Env>,
  wanted: WantedCalendar,
  before: CalendarWithFeed | null,
  dryRun: boolean,
  audit: Audit,
  refuse: () => void = () => undefined,
): Promise<z.infer<typeof CalendarSaved> | z.infer<typeof CalendarDryRun>> {
  const { services } = c.var;
  const { sql } = services.database;
  const { definition, feed, source } = wanted;
  const now = Date.now();
  const after = await afterwards(services, wanted);
  const effects = await effectsOf(services, definition.name, after, now);
  if (dryRun) {
    const { timezone, items } = shownSpans(after, after.timezone ?? 'UTC', { from: now, to: horizonAt(now).to }, MOST_PREVIEWED);
    const counts = feed && { events: feed.events, instances: feed.instances.length };
    const stays = feed === undefined && before?.feed ? { events: before.feed.events, instances: before.feed.instances } : null;
    return { dry_run: true, name: definition.name, feed: counts ?? stays, timezone, spans: items, effects };
  }
  // What stands at an address may be another text the second time.
  const request = { name: definition.name, source, events: feed?.url === null ? feed.hash : null };
  await orChangedBefore(c, request, async (key) => {
    refuse();
    return saveCalendar(sql, PROJECT, wanted, feed, before?.version ?? null, audit, key);
  });
  const saved = await requireCalendar(services, definition.name);
  return { ...viewOf(saved, await calendarUsers(sql, PROJECT, definition.name)), dry_run: false, effects };
}

const MOST_PREVIEWED = 100;

async function afterwards({ database }: Services, { definition, feed }: WantedCalendar): Promise<KnownCalendar> {
  const { name, timezone = null, entries = [] } = definition;
  if (feed !== undefined) return { name, timezone, entries, instances: feed?.instances ?? [] };
  const known = await knownCalendars(database.sql, PROJECT, [name]);
  return { name, timezone, entries, instances: known.get(name)?.instances ?? [] };
}

/** The times of a calendar within a span, at most so many, by its own clocks or else by those of `zone`. */
export function shownSpans(
  calendar: KnownCalendar,
  zone: string,
  span: Span,
  most: number,
): { readonly timezone: string; readonly items: z.infer<typeof CalendarSpan>[]; readonly is_complete: boolean } {
  const timezone = calendar.timezone ?? zone;
  const clocks = requireZone(zoneData(), timezone, '/timezone');
  const found = spansFor(calendar, timezone, zoneData(), span);
  const local = (moment: number) => wallText(moment + clocks.offsetAt(moment));
  const items = found.slice(0, most).map(({ from, to }) => ({
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    local_from: local(from),
    local_to: local(to),
  }));
  return { timezone, items, is_complete: found.length <= most };
}
