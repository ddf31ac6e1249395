import { z } from 'zod';
import type { ListedPause } from '#db/queries/schedules/schedule-history.ts';
import { PAUSE_KINDS } from '#db/schema/words.ts';
import type { ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { instant } from './json.ts';

/** What a schedule meant from a moment on. */
export const ScheduleVersionView = z
  .object({
    version: z.number(),
    words: z.string().meta({ description: 'when it started something then, in English' }),
    definition: z.custom<ScheduleDefinition>(() => true).meta({ type: 'object' }),
    from_at: instant,
    author: z.string(),
  })
  .meta({ id: 'ScheduleVersion' });

/** A time during which a schedule was to start nothing. */
export const SchedulePauseView = z
  .object({
    id: z.string(),
    kind: z
      .enum(PAUSE_KINDS)
      .meta({ description: 'failure: a failed run paused it; stopped: its job was gone or off; maintenance: all were stopped' }),
    of_all: z.boolean(),
    from: instant,
    until: instant.nullable().meta({ description: 'null: it lasts' }),
    by: z.string(),
    note: z.string().nullable(),
    resumed_by: z.string().nullable(),
  })
  .meta({ id: 'PastPause' });

/** A row in the words of the list. */
export const viewOfPause = ({ from_at, until_at, paused_by, ...row }: ListedPause): z.infer<typeof SchedulePauseView> => ({
  ...row,
  from: from_at,
  until: until_at,
  by: paused_by,
});
