import type { Sql } from '#db/client.ts';
import { usedCalendars } from '#db/queries/calendars/used-calendars.ts';
import { listPassed, type Passed, setNext } from '#db/queries/schedules/advance.ts';
import { endDuePauses } from '#db/queries/schedules/pause-schedules.ts';
import { endDueStops } from '#db/queries/schedules/switch-all.ts';
import { HORIZON_MS, knownAround } from '#jobs/recurrence/calendar-times.ts';
import { nextStart } from '#jobs/recurrence/next.ts';
import { ruleOf } from '#jobs/schedules/rule.ts';
import type { ZoneData } from '#jobs/zones/zone.ts';

const AT_ONCE = 500;

/** Ends pauses whose time is over, and looks up when schedules start something next whose last such moment is over. */
export async function advanceSchedules({ sql, zones }: { readonly sql: Sql; readonly zones: ZoneData }): Promise<void> {
  await endDuePauses(sql);
  await endDueStops(sql);
  const passed = await listPassed(sql, AT_ONCE);
  const found = await Promise.allSettled(
    passed.map(async (row) => ({ id: row.id, version: row.version, next: await nextOf(sql, zones, row) })),
  );
  const known = found.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  if (known.length > 0) await setNext(sql, known);
  const failure = found.find((one) => one.status === 'rejected');
  if (failure) throw failure.reason;
}

async function nextOf(sql: Sql, zones: ZoneData, { project, timezone, definition }: Passed): Promise<string | null> {
  const zone = zones.zone(timezone);
  if (!zone) throw new RangeError(`the zone data ${zones.version} have no zone ${timezone}`);
  const now = Date.now();
  const span = { from: now, to: now + HORIZON_MS };
  const calendars = await usedCalendars(sql, project, definition, zones, knownAround(span));
  const next = nextStart(ruleOf(definition), zone, now, calendars);
  return next ? new Date(next.at).toISOString() : null;
}
