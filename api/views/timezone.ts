import { z } from 'zod';

/** The time zones of a release of the zone data. */
export const Timezones = z
  .object({
    version: z.string().meta({ description: 'the release, as IANA calls it' }),
    items: z.array(
      z.object({
        name: z.string(),
        alias_of: z.string().nullable().meta({ description: 'the zone that this is another name of' }),
        offset_minutes: z.number().meta({ description: 'how far its clocks are ahead of UTC now' }),
        abbreviation: z.string(),
      }),
    ),
  })
  .meta({ id: 'Timezones' });
