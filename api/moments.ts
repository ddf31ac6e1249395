import { z } from 'zod';
import { instantOfLocal } from '#jobs/local-time.ts';
import { errorAt, InvalidInput } from '#jobs/problem.ts';
import { whyNoZone } from '#jobs/timezone.ts';
import type { Zone, ZoneData } from '#jobs/zones/zone.ts';

/** A moment as people write it. */
export const MomentText = z
  .string()
  .max(40)
  .meta({ description: 'an instant, `2027-01-31T22:00:00Z`, or what the clocks of the zone show, `2027-01-31T23:00` or `2027-01-31`' });

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const OFFSET = /(Z|[+-]\d{2}:?\d{2})$/i;

/** The moment a text means, in epoch milliseconds; without an offset it is read off the clocks of the zone. Throws InvalidInput at the pointer. */
export function readMoment(text: string, zone: Zone, pointer: string): number {
  if (!DATE.test(text) && OFFSET.test(text)) {
    const moment = Date.parse(text);
    if (Number.isNaN(moment))
      throw new InvalidInput([errorAt(pointer, `${JSON.stringify(text)} is no instant; write 2027-01-31T22:00:00Z`)]);
    return moment;
  }
  try {
    return instantOfLocal(DATE.test(text) ? `${text}T00:00` : text, zone);
  } catch (error) {
    if (error instanceof RangeError) throw new InvalidInput([errorAt(pointer, error.message)]);
    throw error;
  }
}

/** The zone of this name. Throws InvalidInput at the pointer, with the name that was perhaps meant. */
export function requireZone(zones: ZoneData, name: string, pointer: string): Zone {
  const zone = zones.zone(name);
  if (zone) return zone;
  throw new InvalidInput([errorAt(pointer, whyNoZone(name) ?? `the zone data ${zones.version} have no zone ${name}`, { value: name })]);
}
