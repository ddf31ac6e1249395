import { z } from 'zod';
import { MOST_GRID_STEPS } from '#db/queries/job-grid.ts';
import { RUN_STATUSES, STEP_STATUSES, WAITING_FOR } from '#jobs/run-state.ts';
import { instant, pageOf } from './json.ts';

const cell = z.object({
  step_id: z.string(),
  step_number: z.number(),
  name: z.string(),
  status: z.enum(STEP_STATUSES),
  waiting_for: z.enum(WAITING_FOR).nullable(),
  duration_ms: z.number().nullable(),
});

/** Runs of a job with how each step went. */
export const JobGrid = pageOf(
  z.object({
    id: z.string(),
    number: z.number(),
    version: z.number().nullable(),
    status: z.enum(RUN_STATUSES),
    waiting_for: z.enum(WAITING_FOR).nullable(),
    trigger: z.string(),
    execution_time_ms: z.number().nullable(),
    created_at: instant,
    steps: z.array(cell).meta({ description: `those that have started or ended, the first ${MOST_GRID_STEPS} of the definition` }),
  }),
).meta({ id: 'JobGrid' });
