import { z } from 'zod';

/** The time of a step and how often it is executed, durations as a definition writes them. */
const Terms = z.object({
  timeout: z.string(),
  attempts: z.number(),
  delay: z.string(),
  backoff: z.number(),
  max_delay: z.string(),
  heartbeat: z.string(),
});

/** What became of an operation on a step: one entry for it, or one for each of its parts that run. */
export const SurgeryReport = z
  .object({
    items: z.array(
      z.object({
        key: z.string(),
        outcome: z.enum(['done', 'refused']),
        why: z.string().nullable(),
        before: Terms.nullable(),
        after: Terms.nullable(),
      }),
    ),
  })
  .meta({ id: 'SurgeryReport' });
