import { z } from 'zod';
import { instant } from './json.ts';
import { LogLine } from './step.ts';

/** Lines of a step's log that a filter means. */
export const LogMatches = z
  .object({
    items: z.array(LogLine),
    first: z.number().meta({ description: 'place of the first item among all lines that match, from 1; 0 without items' }),
    matches: z.number().meta({ description: 'how many lines match: exact once `complete`, else those found so far' }),
    total: z.number().meta({ description: 'lines of the log' }),
    scanned: z.number().meta({ description: 'how far the log was looked through' }),
    complete: z.boolean().meta({ description: 'false when time was up: the same request again goes on from there' }),
  })
  .meta({ id: 'LogMatches' });

/** Commands of a step as stretches of its log. */
export const LogGroups = z
  .object({
    items: z.array(
      z.object({
        attempt: z.number(),
        number: z.number(),
        command: z.string(),
        exit_code: z.number().nullable(),
        executed_at: instant,
        duration_ms: z.number().nullable(),
        first_line: z.number().meta({ description: 'the line that shows the command' }),
        last_line: z.number().nullable().meta({ description: 'the last line of its output; null while it runs' }),
      }),
    ),
    truncated: z.boolean(),
  })
  .meta({ id: 'LogGroups' });
