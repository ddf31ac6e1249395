import { calendarsOf, timesOf } from '#jobs/calendars/maintenance.ts';
import { merged, spansOf } from '#jobs/calendars/spans.ts';
import { type ClosedWindow, nextOpening } from '#jobs/calendars/windows.ts';
import { wallText } from '#jobs/recurrence/civil.ts';
import type { Span } from '#jobs/recurrence/wanted.ts';
import type { ZoneData } from '#jobs/zones/zone.ts';
import type { Queryable } from '../../client.ts';
import type { TargetRow } from '../../schema/targets.ts';
import { knownCalendars, spansFor } from './known-calendars.ts';

/** Those of these targets that are outside of their maintenance windows now; one without windows never is, nor one that is not there. Served by targets_name. */
export const closedWindows = async (
  sql: Queryable,
  project: string,
  targets: readonly string[],
  zones: ZoneData,
  now: number,
): Promise<readonly ClosedWindow[]> => {
  const rows = await sql<Pick<TargetRow, 'name' | 'timezone' | 'maintenance'>[]>`
    select name, timezone, maintenance from targets
    where project = ${project} and name = any(${[...new Set(targets)]}::text[]) and maintenance <> '{}' order by name`;
  const calendars = await knownCalendars(
    sql,
    project,
    rows.flatMap(({ maintenance }) => calendarsOf(maintenance)),
  );
  // Of a thousand targets most have the windows of others.
  const alike = Map.groupBy(rows, ({ timezone, maintenance }) => JSON.stringify([timezone, maintenance]));
  return [...alike.values()].flatMap((together) => {
    const [{ name, timezone, maintenance }] = together as [(typeof rows)[number]];
    const zoneName = timezone ?? 'UTC';
    const zone = zones.zone(zoneName);
    if (!zone) throw new Error(`the zone data ${zones.version} have no zone ${zoneName}, which target ${name} is in`);
    const own = { entries: timesOf(maintenance), instances: [] };
    const used = calendarsOf(maintenance).flatMap((calendar) => calendars.get(calendar) ?? []);
    const spansIn = (span: Span) => merged([spansOf(own, zone, span), ...used.map((one) => spansFor(one, zoneName, zones, span))].flat());
    const opening = nextOpening(spansIn, now);
    if (opening === null) return [];
    const { opensAt } = opening;
    const wall = (moment: number) => wallText(moment + zone.offsetAt(moment));
    const closed = { zone: zoneName, opensAt, opensWall: opensAt === null ? null : wall(opensAt), today: wall(now).slice(0, 10) };
    return together.map((one) => ({ target: one.name, ...closed }));
  });
};
