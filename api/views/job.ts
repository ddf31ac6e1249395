import { z } from 'zod';
import type { JobDefinition } from '#jobs/definition.ts';
import { RUN_STATUSES } from '#jobs/run-state.ts';
import { instant, pageOf } from './json.ts';

const definition = z
  .custom<JobDefinition>(() => true)
  .meta({ type: 'object', description: 'the definition as data; see /schema/job.json' });

const job = z.object({
  id: z.string(),
  project: z.string(),
  number: z.number(),
  name: z.string(),
  title: z.string().nullable(),
  description: z.string().nullable(),
  category: z.string().nullable(),
  tags: z.array(z.string()),
  active: z.boolean(),
  version: z.number(),
  sample: z.boolean(),
  created_at: instant,
  created_by: z.string(),
  updated_at: instant,
  updated_by: z.string(),
});

/** A job as lists show it, with its newest run. */
export const JobSummary = job
  .extend({
    last_run_id: z.string().nullable(),
    last_run_number: z.number().nullable(),
    last_run_status: z.enum(RUN_STATUSES).nullable(),
    last_run_at: instant.nullable(),
  })
  .meta({ id: 'JobSummary' });

/** A job at one of its versions; `current_version` is the newest. */
export const JobView = job
  .extend({
    current_version: z.number(),
    source: z.string().meta({ description: 'the text as written' }),
    format: z.enum(['yaml', 'json']),
    definition,
    author: z.string(),
    message: z.string().nullable().meta({ description: 'why this version was saved' }),
    saved_at: instant,
  })
  .meta({ id: 'Job' });
export type JobView = z.infer<typeof JobView>;

export const JobPage = pageOf(JobSummary).meta({ id: 'JobPage' });

export const JobVersionSummary = z
  .object({
    version: z.number(),
    format: z.enum(['yaml', 'json']),
    hash: z.string(),
    author: z.string(),
    message: z.string().nullable(),
    created_at: instant,
  })
  .meta({ id: 'JobVersion' });

const ProblemView = z.object({
  pointer: z.string(),
  message: z.string(),
  line: z.number().optional(),
  column: z.number().optional(),
  severity: z.enum(['error', 'warning']),
});

/** What a check of a definition found; nothing is saved. */
export const Validation = z
  .object({ valid: z.boolean(), name: z.string(), problems: z.array(ProblemView), definition: definition.nullable() })
  .meta({ id: 'Validation' });
