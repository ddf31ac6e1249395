import type { z } from 'zod';
import { ZONE_NAMES } from '#jobs/zones/names.ts';
import type { ZoneData } from '#jobs/zones/zone.ts';
import type { Timezones } from './views/timezone.ts';

const MINUTE_MS = 60_000;

/** All names of zones with the clocks they have at a moment. */
export const timezones = (data: ZoneData, now: number): z.infer<typeof Timezones> => ({
  version: data.version,
  items: ZONE_NAMES.flatMap((name) => {
    const zone = data.zone(name);
    if (!zone) return [];
    const offset_minutes = zone.offsetAt(now) / MINUTE_MS;
    return [{ name, alias_of: data.aliases.get(name) ?? null, offset_minutes, abbreviation: zone.abbreviationAt(now) }];
  }),
});
