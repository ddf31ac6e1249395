import { z } from 'zod';
import { jsonObject } from './json.ts';
import { RerunFacts } from './run.ts';

/** What a re-run would come to. */
export const RerunPreview = z
  .object({
    version: z.number().nullable().meta({ description: 'the version it would follow' }),
    newest: z.number().nullable().meta({ description: 'the job’s current version; null: the run belongs to no job, or the job is gone' }),
    schemas: jsonObject.meta({ description: 'by name: the JSON Schema of each parameter of that version' }),
    parameters: jsonObject.meta({ description: 'what it would start with besides secrets, which are asked for again' }),
    steps: z.array(z.object({ id: z.string(), name: z.string(), needs: z.array(z.string()) })),
    warnings: z.array(z.string()),
    facts: RerunFacts.nullable(),
    refused: z.string().nullable().meta({ description: 'why it could not be started like this; then there are no facts' }),
  })
  .meta({ id: 'RerunPreview' });
