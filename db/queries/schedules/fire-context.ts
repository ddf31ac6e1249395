import type { ScheduleContext } from '#jobs/schedules/context.ts';
import type { ZoneData } from '#jobs/zones/zone.ts';
import type { Queryable } from '../../client.ts';
import type { ScheduleRow } from '../../schema/schedules.ts';
import type { FireTrigger } from '../../schema/words.ts';

/** What expressions of the run of this moment see of its schedule. */
export async function contextOf(
  _sql: Queryable,
  zones: ZoneData,
  { name, timezone }: ScheduleRow,
  nominalAt: number,
  trigger: FireTrigger,
): Promise<ScheduleContext> {
  const zone = zones.zone(timezone);
  if (!zone) throw new Error(`schedule ${name}: the zone data ${zones.version} have no zone ${timezone}`);
  return {
    name,
    nominal_time: new Date(nominalAt).toISOString(),
    local_time: localTime(nominalAt, zone.offsetAt(nominalAt)),
    zone: timezone,
    previous: null,
    next: null,
    trigger,
  };
}

const localTime = (at: number, offsetMs: number): string => new Date(at + offsetMs).toISOString().slice(0, 19) + offsetWords(offsetMs);

function offsetWords(offsetMs: number): string {
  const minutes = Math.abs(Math.round(offsetMs / 60_000));
  const two = (n: number) => String(n).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
