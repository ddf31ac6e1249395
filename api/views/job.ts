import { z } from 'zod';
import type { JobDefinition } from '#jobs/definition.ts';
import { HEALTHS } from '#jobs/health.ts';
import { DEPENDENCES } from '#jobs/references.ts';
import { RUN_STATUSES } from '#jobs/run-state.ts';
import { ConversionReport } from './conversion.ts';
import { instant, json, jsonObject, pageOf, prev } from './json.ts';

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
    health: z.enum(HEALTHS).nullable().meta({ description: 'null when it was not looked at since its last change' }),
    health_checked_at: instant.nullable(),
    last_run_id: z.string().nullable(),
    last_run_number: z.number().nullable(),
    last_run_status: z.enum(RUN_STATUSES).nullable(),
    last_run_at: instant.nullable(),
    recent_runs: z
      .array(
        z.object({
          id: z.string(),
          number: z.number(),
          status: z.enum(RUN_STATUSES),
          execution_time_ms: z.number().nullable(),
          created_at: instant,
        }),
      )
      .optional()
      .meta({ description: 'newest first; told where `recent` asks for it' }),
    next_at: instant.nullable().optional().meta({ description: 'when a schedule starts it next; told where `recent` asks for it' }),
    next_timezone: z.string().nullable().optional().meta({ description: 'the zone of that schedule' }),
  })
  .meta({ id: 'JobSummary' });

/** A job at one of its versions; `current_version` is the newest. */
export const JobView = job
  .extend({
    current_version: z.number(),
    source: z.string().meta({ description: 'the text as written' }),
    format: z.enum(['yaml', 'json']),
    definition,
    hash: z.string().meta({ description: 'of what the definition says, whatever its form' }),
    author: z.string(),
    message: z.string().nullable().meta({ description: 'why this version was saved' }),
    saved_at: instant,
  })
  .meta({ id: 'Job' });
export type JobView = z.infer<typeof JobView>;

/** A job after a save; one that says what the current version says makes no version, and its text is not kept. */
export const JobSaved = JobView.extend({ is_new_version: z.boolean() }).meta({ id: 'JobSaved' });

export const JobPage = pageOf(JobSummary).extend({ prev }).meta({ id: 'JobPage' });

export const JobVersionSummary = z
  .object({
    version: z.number(),
    format: z.enum(['yaml', 'json']),
    hash: z.string(),
    author: z.string(),
    message: z.string().nullable(),
    created_at: instant,
    tags: z.array(z.string()),
  })
  .meta({ id: 'JobVersion' });

const version = z.number().int();

/** A name for one version, and its moves. */
export const JobTagView = z
  .object({
    items: z.array(z.object({ tag: z.string(), version, updated_at: instant, updated_by: z.string() })),
    moves: z
      .array(
        z.object({
          tag: z.string(),
          from_version: version.nullable(),
          to_version: version.nullable(),
          actor: z.string(),
          note: z.string().nullable(),
          at: instant,
        }),
      )
      .meta({ description: 'the last 100, newest first; the history of a tag stays when it is taken away' }),
  })
  .meta({ id: 'JobTags' });

const change = z.object({ pointer: z.string(), before: json.optional(), after: json.optional() });
const placed = z.object({ id: z.string(), at: z.number(), value: jsonObject });
const listDiff = z
  .object({
    removed: z.array(placed),
    added: z.array(placed),
    moved: z.array(z.object({ id: z.string(), from: z.number(), to: z.number() })),
    changed: z.array(z.object({ id: z.string(), fields: z.array(change) })),
  })
  .optional();

/** How one version became another: what the definitions say, steps by id, and the lines of their texts. */
export const JobDiff = z
  .object({
    from: version,
    to: version,
    definition: z.object({ fields: z.array(change), steps: listDiff, on_failure: listDiff, on_cancel: listDiff }),
    text: z.array(
      z.object({
        from: z.number().meta({ description: 'its first line in the older text' }),
        to: z.number(),
        lines: z.array(z.object({ kind: z.enum([' ', '-', '+']), text: z.string() })),
      }),
    ),
  })
  .meta({ id: 'JobDiff' });

/** A job in the trash. */
export const TrashedJobView = job
  .omit({ active: true, sample: true })
  .extend({
    deleted_at: instant,
    restorable_until: instant,
    has_runs: z.boolean().meta({ description: 'such a job stays until it is purged by hand, which takes its runs along' }),
  })
  .meta({ id: 'TrashedJob' });

export const TrashPage = pageOf(TrashedJobView).meta({ id: 'TrashPage' });

/** Who would miss a job. */
export const Dependants = z
  .object({
    jobs: z.array(z.object({ name: z.string(), how: z.array(z.enum(DEPENDENCES)) })),
    open_runs: z.array(z.string()).meta({ description: 'at most 100 that have not ended; they go on' }),
  })
  .meta({ id: 'Dependants' });

const ProblemView = z.object({
  pointer: z.string(),
  message: z.string(),
  expected: z.string().optional(),
  line: z.number().optional(),
  column: z.number().optional(),
  severity: z.enum(['error', 'warning']),
});

/** What a check of a definition found; nothing is saved. */
export const Validation = z
  .object({
    valid: z.boolean(),
    name: z.string(),
    problems: z.array(ProblemView),
    definition: definition.nullable(),
    would: z
      .object({ action: z.enum(['create', 'new_version', 'nothing']), version: z.number() })
      .nullable()
      .meta({ description: 'what a save would do, and the version it would answer with' }),
    today: z
      .object({ health: z.enum(HEALTHS), findings: z.array(ProblemView) })
      .nullable()
      .meta({ description: 'how the job would be today; none of it forbids a save' }),
  })
  .meta({ id: 'Validation' });

/** How a job is against the step types, targets, credentials and jobs there are today. */
export const JobHealth = z
  .object({ name: z.string(), version, health: z.enum(HEALTHS), findings: z.array(ProblemView) })
  .meta({ id: 'JobHealth' });

/** The categories of jobs, each under the one before its last slash; `total` counts those below as well. */
export const Categories = z
  .object({ items: z.array(z.object({ path: z.string(), name: z.string(), depth: z.number(), jobs: z.number(), total: z.number() })) })
  .meta({ id: 'Categories' });

/** A definition to begin from. */
export const JobTemplates = z
  .object({ items: z.array(z.object({ name: z.string(), title: z.string(), description: z.string(), source: z.string(), definition })) })
  .meta({ id: 'JobTemplates' });

/** What became, or would become, of one definition of an import. */
export const IMPORT_ACTIONS = ['created', 'updated', 'same', 'skipped', 'renamed', 'bad'] as const;

/** What an import does, or would do, with each definition. */
export const JobImportReport = z
  .object({
    dry_run: z.boolean(),
    saved: z.boolean(),
    counts: z.object({
      created: z.number(),
      updated: z.number(),
      same: z.number(),
      skipped: z.number(),
      renamed: z.number(),
      bad: z.number(),
    }),
    items: z.array(
      z.object({
        name: z.string().meta({ description: 'as it is written; empty where it cannot be read' }),
        line: z.number(),
        action: z.enum(IMPORT_ACTIONS),
        saved_as: z.string().nullable().meta({ description: 'the name it has, or would have, here' }),
        problems: z.array(ProblemView),
        report: ConversionReport,
      }),
    ),
  })
  .meta({ id: 'JobImportReport' });
export type JobImportReport = z.infer<typeof JobImportReport>;
