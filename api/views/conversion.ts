import { z } from 'zod';

/** What became of each field that is another here. */
export const ConversionReport = z
  .array(z.object({ kind: z.enum(['renamed', 'rewritten', 'unmapped']), pointer: z.string(), message: z.string() }))
  .meta({ description: 'each field of the given text that was renamed, rewritten or left out' });
