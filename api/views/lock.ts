import { z } from 'zod';
import { instant, pageOf } from './json.ts';

const claimant = {
  run_id: z.string(),
  number: z.number().nullable(),
  job: z.string().nullable(),
  step_key: z.string().nullable().meta({ description: 'the step or part; null: the run as a whole' }),
  priority: z.number(),
  since: instant,
};

/** A key with those who hold it and those who wait for it. */
export const LockView = z
  .object({
    key: z.string(),
    max: z.number().meta({ description: 'how many may hold it at a time' }),
    holders: z.array(z.object(claimant)),
    waiters: z
      .array(
        z.object({
          ...claimant,
          position: z.number().meta({ description: 'place in line, from 1' }),
          blocked_by: z.array(z.number()).meta({ description: 'numbers of the runs that hold it' }),
        }),
      )
      .meta({ description: 'the first hundred in line' }),
    waiting: z.number().meta({ description: 'all who wait' }),
  })
  .meta({ id: 'Lock' });

export const LockPage = pageOf(LockView).meta({ id: 'LockPage' });
