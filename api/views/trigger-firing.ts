import { z } from 'zod';
import { FIRING_REASONS, FIRING_STATUSES } from '#db/schema/words.ts';
import { END_STATUSES } from '#jobs/definition-words.ts';
import { instant, pageOf } from './json.ts';

/** The end of a run that a job listens to, and what became of it. */
const TriggerFiring = z
  .object({
    id: z.string(),
    position: z.number().meta({ description: 'which of the job’s triggers, from 0' }),
    source_run: z.string(),
    source_job: z.string(),
    source_number: z.number().nullable(),
    source_status: z.enum(END_STATUSES).nullable(),
    status: z.enum(FIRING_STATUSES).meta({ description: '`waiting` is for the other runs of a join' }),
    reason: z.enum(FIRING_REASONS).nullable().meta({ description: 'why nothing was started' }),
    message: z.string().nullable(),
    problems: z.array(z.object({ pointer: z.string(), message: z.string() })).nullable(),
    run: z.string().nullable().meta({ description: 'what was started' }),
    run_number: z.number().nullable(),
    created_at: instant,
    decided_at: instant.nullable(),
  })
  .meta({ id: 'TriggerFiring' });

export const TriggerFiringPage = pageOf(TriggerFiring).meta({ id: 'TriggerFiringPage' });
