import { InvalidInput } from '#jobs/problem.ts';
import type { ScheduleContext } from '#jobs/schedules/context.ts';
import type { ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { neighbourhood, neighboursOf } from '#jobs/schedules/neighbours.ts';
import { ruleOf } from '#jobs/schedules/rule.ts';
import type { Zone, ZoneData } from '#jobs/zones/zone.ts';
import type { Queryable } from '../../client.ts';
import type { ScheduleRow } from '../../schema/schedules.ts';
import type { FireTrigger } from '../../schema/words.ts';
import { usedCalendars } from '../calendars/used-calendars.ts';

/** What expressions of the run of this moment see of its schedule, as it stood when the moment came. Served by the primary key of schedule_versions. */
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
  const { previous, next } = await neighbours(sql, zones, schedule.project, definition, zone, nominalAt);
  return {
    name: schedule.name,
    nominal_time: new Date(nominalAt).toISOString(),
    local_time: localTime(nominalAt, zone.offsetAt(nominalAt)),
    zone: timezone,
    previous: isoOrNull(previous),
    next: isoOrNull(next),
    trigger,
  };
}

async function definitionAt(sql: Queryable, { id, definition }: ScheduleRow, nominalAt: number): Promise<ScheduleDefinition> {
  const [version] = await sql<{ definition: ScheduleDefinition }[]>`
    select definition from schedule_versions where schedule_id = ${id} and from_at <= ${new Date(nominalAt)} order by version desc limit 1`;
  return version?.definition ?? definition;
}

async function neighbours(sql: Queryable, zones: ZoneData, project: string, definition: ScheduleDefinition, zone: Zone, at: number) {
  try {
    return neighboursOf(ruleOf(definition), zone, at, await usedCalendars(sql, project, definition, zones, neighbourhood(at)));
  } catch (error) {
    // A calendar that is gone keeps no run from starting that Temporal has begun.
    if (error instanceof InvalidInput) return { previous: null, next: null };
    throw error;
  }
}

const isoOrNull = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

const localTime = (at: number, offsetMs: number): string => new Date(at + offsetMs).toISOString().slice(0, 19) + offsetWords(offsetMs);

function offsetWords(offsetMs: number): string {
  const minutes = Math.abs(Math.round(offsetMs / 60_000));
  const two = (n: number) => String(n).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
