import { z } from 'zod';
import { instantOfLocal } from '#jobs/local-time.ts';
import { errorAt, InvalidInput } from '#jobs/problem.ts';
import { readInstant } from '#jobs/schedules/moments.ts';
import { whyNoZone } from '#jobs/timezone.ts';
import type { Zone, ZoneData } from '#jobs/zones/zone.ts';

/** A moment as people write it. */
export const MomentText = z
  .string()
  .max(40)
  .meta({ description: 'an instant, `2027-01-31T22:00:00Z`, or what the clocks of the zone show, `2027-01-31T23:00` or `2027-01-31`' });

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const WITH_OFFSET = /T.*(Z|[+-]\d{2}:?\d{2})$/i;
/** Digits behind the milliseconds. */
const FINER = /(?<=\.\d{3})\d+/;

/** Whether a moment is one that people ask about: whatever is reckoned from it, Postgres can store. */
export const isReachable = (moment: number): boolean => moment >= Date.UTC(1900, 0) && moment < Date.UTC(9900, 0);

/** The moment a text means, in epoch milliseconds; without an offset it is read off the clocks of the zone. Throws InvalidInput at the pointer. */
export function readMoment(text: string, zone: Zone, pointer: string): number {
  try {
    const moment = WITH_OFFSET.test(text)
      ? readInstant(text.replace(FINER, ''))
      : instantOfLocal(DATE.test(text) ? `${text}T00:00` : text, zone);
    if (!isReachable(moment)) throw new RangeError(`${JSON.stringify(text)} is not within the years 1900 to 9899`);
    return moment;
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
