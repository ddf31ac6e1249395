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
  return rows.flatMap(({ name, timezone, maintenance }) => {
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
    return [{ target: name, zone: zoneName, opensAt, opensWall: opensAt === null ? null : wall(opensAt), today: wall(now).slice(0, 10) }];
  });
};
