import { z } from 'zod';

const ACTIONS = ['create', 'change', 'same', 'bad'] as const;

/** What an import does, or would do, with each target of a text. */
export const ImportReport = z
  .object({
    dry_run: z.boolean(),
    saved: z.boolean(),
    counts: z.object({ create: z.number(), change: z.number(), same: z.number(), bad: z.number() }),
    items: z.array(
      z.object({
        name: z.string().nullable().meta({ description: 'null for what is about the whole text' }),
        line: z.number(),
        action: z.enum(ACTIONS),
        fields: z.array(z.string()).meta({ description: 'what would change' }),
        problems: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: 'ImportReport' });
export type ImportReport = z.infer<typeof ImportReport>;
