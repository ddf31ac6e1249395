import { z } from 'zod';
import { RUN_STATUSES } from '#jobs/run-state.ts';
import { instant } from './json.ts';

/** A run among those it hangs together with. */
const LineageNode = z
  .object({
    id: z.string(),
    number: z.number(),
    job: z.string(),
    version: z.number().nullable(),
    status: z.enum(RUN_STATUSES),
    created_at: instant,
    created_by: z.string(),
    relation: z.enum(['origin', 'retry', 'rerun', 'sub_run', 'chained']).meta({ description: 'what it is to the run in `of`' }),
    of: z.string().nullable().meta({ description: 'the run it came from; null for one that came from none of these' }),
    from: z.array(z.string()).nullable().meta({ description: 'of a re-run: the steps that were named' }),
    kept: z.array(z.string()).nullable().meta({ description: 'of a re-run: the steps whose results it kept' }),
    parent_key: z.string().nullable().meta({ description: 'of a sub-run: the step that asked for it' }),
  })
  .meta({ id: 'LineageNode' });

/** How runs hang together, each after the one it came from. */
export const Lineage = z
  .object({ items: z.array(LineageNode), truncated: z.boolean().meta({ description: 'there are more than are shown' }) })
  .meta({ id: 'Lineage' });
