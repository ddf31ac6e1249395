import { z } from 'zod';
import { RUNS_BECAUSE } from '#jobs/rerun.ts';
import { RUN_PHASES } from '#jobs/run-phases.ts';
import { RUN_STATUSES, WAITING_FOR } from '#jobs/run-state.ts';
import { PERMISSIONS } from '../permissions.ts';
import { instant, json, jsonObject, pageOf, prev } from './json.ts';

/** A run as lists and live events show it. */
export const RunSummary = z
  .object({
    id: z.string(),
    project: z.string(),
    number: z.number(),
    job: z.string(),
    job_id: z.string().nullable(),
    version: z.number().nullable(),
    title: z.string().nullable(),
    status: z.enum(RUN_STATUSES),
    waiting_for: z.enum(WAITING_FOR).nullable(),
    message: z.string().nullable(),
    error_message: z.string().nullable(),
    retry_error: z.string().nullable().meta({ description: 'what a step of it that is between two attempts failed of, after its key' }),
    client: z.string().nullable(),
    ref_num: z.string().nullable(),
    priority: z.number(),
    timezone: z.string().nullable(),
    trigger: z.string(),
    scheduled_for: instant.nullable(),
    created_by: z.string(),
    target: z
      .string()
      .nullable()
      .meta({ description: 'of steps that name none; several in the words of the command line: core-1,edge-* or tag:edge,site=ber' }),
    worker_id: z.string().nullable(),
    workflow_id: z.string(),
    total_steps: z.number().meta({ description: 'of the plan: a step on several targets counts once, whatever becomes of its parts' }),
    completed_steps: z.number(),
    failed_steps: z.number(),
    execution_time_ms: z.number().nullable(),
    retry_count: z.number(),
    retry_of: z.string().nullable(),
    rerun_of: z.string().nullable().meta({ description: 'the run whose results this one began with' }),
    status_history_count: z.number().meta({ description: 'changes of the run’s own status so far' }),
    status_actor: z.string().nullable().meta({ description: 'who caused the newest of them, when a person did' }),
    status_at: instant.nullable().meta({ description: 'when that was' }),
    parent_run: z.string().nullable().meta({ description: 'the run whose step `parent_key` started this one' }),
    parent_key: z.string().nullable(),
    chain_source: z.string().nullable().meta({ description: 'the run whose end started this one' }),
    chain_depth: z.number().meta({ description: 'how many ends of runs led to this one' }),
    schedule: z.string().nullable().meta({ description: 'the schedule that started it' }),
    schedule_id: z.string().nullable(),
    nominal_at: instant.nullable().meta({ description: 'the moment of that schedule which it stands for, whenever it began' }),
    progress: z.number(),
    seq: z.number(),
    sample: z.boolean(),
    created_at: instant,
    queued_at: instant.nullable(),
    started_at: instant.nullable(),
    ended_at: instant.nullable(),
    updated_at: instant,
  })
  .meta({ id: 'RunSummary' });
export type RunSummary = z.infer<typeof RunSummary>;

/** A step of the run's plan, known before anything has started. */
const PlanStep = z.object({
  id: z.string(),
  number: z.number(),
  name: z.string(),
  type: z.string(),
  needs: z.array(z.string()),
  phase: z.enum(RUN_PHASES).meta({
    description: 'when it runs: what undoes, handles and cleans up comes after the main course, and runs only where it has a row',
  }),
  retry: z
    .object({ delay_ms: z.number(), backoff: z.number(), max_delay_ms: z.number() })
    .meta({ description: 'how long it rests before its next execution; each time `backoff` times as long, up to the most' }),
});

/** What a re-run was asked and came to. */
export const RerunFacts = z
  .object({
    from: z.array(z.string()).nullable().meta({ description: 'the steps that were named; null: those that had not completed' }),
    failed_items_only: z.boolean(),
    kept: z.array(z.string()),
    partly: z.array(z.object({ step: z.string(), kept: z.number(), of: z.number() })).meta({
      description: 'steps of which only the parts run again that had not completed',
    }),
    runs: z.array(z.object({ step: z.string(), because: z.enum(RUNS_BECAUSE), message: z.string() })),
  })
  .meta({ id: 'RerunFacts' });

/** A run with everything its page needs besides its steps. */
export const RunView = RunSummary.extend({
  parameters: jsonObject,
  result_data: json,
  plan_steps: z.array(PlanStep),
  selected_steps: z.array(z.string()).nullable().meta({ description: 'the only steps that run; null: all' }),
  warnings: z.array(z.string()).nullable().meta({ description: 'what was to be said against it when it was accepted' }),
  rerun: RerunFacts.nullable().meta({ description: 'what a re-run keeps of the run before, and why the rest runs' }),
  backfill: z.string().nullable().optional().meta({ description: 'the backfill of its schedule that wanted it' }),
  blocked_by: z
    .array(z.number())
    .optional()
    .meta({ description: 'numbers of the runs that hold what this one waits for; told when it is asked for by itself' }),
  temporal_url: z.string().nullable().meta({ description: 'the run in the Temporal UI, where one is known, for those who may steer runs' }),
  permissions: z.array(z.enum(PERMISSIONS)).meta({ description: 'what the caller may do' }),
}).meta({ id: 'Run' });
export type RunView = z.infer<typeof RunView>;

export const RunPage = pageOf(
  RunSummary.extend({ parameters: jsonObject.optional().meta({ description: 'where `extras` asks for them' }) }),
)
  .extend({ prev })
  .meta({ id: 'RunPage' });
