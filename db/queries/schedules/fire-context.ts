import type { ScheduleContext } from '#jobs/schedules/context.ts';
import type { FireTrigger } from '#jobs/schedules/fire-state.ts';
import { neighbourhood, neighboursOf } from '#jobs/schedules/neighbours.ts';
import { ruleOf } from '#jobs/schedules/rule.ts';
import { clockAt } from '#jobs/zones/clock.ts';
import type { ZoneData } from '#jobs/zones/zone.ts';
import type { Queryable } from '../../client.ts';
import type { ScheduleRow } from '../../schema/schedules.ts';
import { calendarsOrNone, definitionAt } from './meant-at.ts';

/** What expressions of the run of this moment see of its schedule, as it stood when the moment came. */
export async function contextOf(
  sql: Queryable,
  zones: ZoneData,
  schedule: ScheduleRow,
  nominalAt: number,
  trigger: FireTrigger,
): Promise<ScheduleContext> {
  const definition = trigger === 'schedule' ? schedule.definition : await definitionAt(sql, schedule, nominalAt);
  const { timezone = schedule.timezone } = definition;
  const zone = zones.zone(timezone);
  if (!zone) throw new Error(`schedule ${schedule.name}: the zone data ${zones.version} have no zone ${timezone}`);
  const calendars = await calendarsOrNone(sql, zones, schedule.project, definition, neighbourhood(nominalAt));
  const { previous, next } = neighboursOf(ruleOf(definition), zone, nominalAt, calendars);
  return {
    name: schedule.name,
    nominal_time: new Date(nominalAt).toISOString(),
    local_time: clockAt(nominalAt, zone),
    zone: timezone,
    previous: isoOrNull(previous),
    next: isoOrNull(next),
    trigger,
  };
}

const isoOrNull = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
