import { z } from 'zod';
import { MARKS } from '#jobs/recurrence/wanted.ts';
import { instant } from './json.ts';

const shown = z.object({ time: z.string().meta({ description: 'with its offset' }), abbreviation: z.string() });

/** What a schedule would start when. */
export const SchedulePreview = z
  .object({
    valid: z.boolean(),
    problems: z.array(z.object({ pointer: z.string(), message: z.string(), severity: z.enum(['error', 'warning']) }).loose()),
    words: z.string().nullable().meta({ description: 'when it starts something, in English' }),
    zone: z.string().nullable(),
    zone_data: z.string().meta({ description: 'the release that times are reckoned by' }),
    from: instant.nullable(),
    moments: z.array(
      z.object({
        at: instant,
        wall: z.string().meta({ description: 'what the rule has the wall show' }),
        local: shown.meta({ description: 'what the clocks of the zone show' }),
        viewer: shown.nullable(),
        marks: z.array(z.enum(MARKS)),
        starts: z.boolean(),
        reason: z.enum(['dst', 'blackout', 'window']).nullable().meta({ description: 'why nothing starts' }),
      }),
    ),
    complete: z.boolean().meta({ description: 'there are no more, as far as is looked' }),
    until: instant.nullable().meta({ description: 'how far is looked' }),
    spacing: z
      .object({ shortest: z.string(), longest: z.string() })
      .nullable()
      .meta({ description: 'durations between the starts listed' }),
  })
  .meta({ id: 'SchedulePreview' });
