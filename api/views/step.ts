import { z } from 'zod';
import { SKIP_REASONS } from '#jobs/apply-event.ts';
import { FAILURE_TYPES } from '#jobs/failure.ts';
import { STEP_STATUSES, WAITING_FOR } from '#jobs/run-state.ts';
import { instant, json, jsonObject } from './json.ts';

/** Why something failed. */
export const StepError = z.object({ type: z.enum(FAILURE_TYPES), message: z.string(), details: jsonObject.optional() });

/** One attempt of a step. */
const AttemptView = z.object({
  attempt: z.number(),
  status: z.enum(STEP_STATUSES),
  error: StepError.nullable(),
  worker_id: z.string().nullable(),
  exit_code: z.number().nullable(),
  reattached: z.boolean().meta({ description: 'took up what an earlier attempt had begun, instead of executing anew' }),
  first_line: z.number().nullable().meta({ description: 'where this attempt begins in the log' }),
  started_at: instant.nullable(),
  ended_at: instant.nullable(),
  duration_ms: z.number().nullable(),
});

/** A step of a run, with each of its attempts. */
export const StepView = z
  .object({
    run_id: z.string(),
    key: z.string(),
    project: z.string(),
    step_id: z.string(),
    step_number: z.number(),
    name: z.string(),
    type: z.string(),
    status: z.enum(STEP_STATUSES),
    waiting_for: z.enum(WAITING_FOR).nullable(),
    message: z.string().nullable(),
    error: StepError.nullable(),
    hold: jsonObject.nullable().meta({
      description:
        'what it waits for, by `kind`: approval (message, form, approvers, count, answers, until), timer, signal, webhook, intervention; kept with the answers once it has ended',
    }),
    config: json,
    outputs: json,
    result: json,
    exit_code: z.number().nullable(),
    stdout: z.string().nullable(),
    stderr: z.string().nullable(),
    target: z.string().nullable(),
    parent_key: z.string().nullable().meta({ description: 'the step on several targets that this one is a part of' }),
    targets: z
      .array(z.string())
      .nullable()
      .meta({ description: 'the targets of a step on several, as they were looked up; each has a part of its own' }),
    item: json.meta({ description: 'what a part of a step with `foreach` or `matrix` is about' }),
    parts: z.number().nullable().meta({ description: 'how many parts the step was taken apart into, each with a row of its own' }),
    parts_by_status: z
      .partialRecord(z.enum(STEP_STATUSES), z.number())
      .nullable()
      .meta({ description: 'how many parts have each status; those that nothing has happened to are not counted' }),
    kept_from: z
      .string()
      .nullable()
      .meta({ description: 'the run that executed it, where this run is a re-run that kept the result; its log is there' }),
    skip_reason: z.enum(SKIP_REASONS).nullable(),
    worker_id: z.string().nullable(),
    attempt: z.number(),
    attempts_allowed: z.number().nullable(),
    progress: z.number(),
    progress_message: z.string().nullable(),
    started_at: instant.nullable(),
    ended_at: instant.nullable(),
    duration_ms: z.number().nullable(),
    updated_at: instant,
    log_lines: z.number(),
    attempts: z.array(AttemptView),
  })
  .meta({ id: 'Step' });
export type StepView = z.infer<typeof StepView>;

/** A change of status, of the run (`step_key` '') or of one of its steps. */
export const HistoryEntry = z
  .object({
    id: z.number(),
    step_key: z.string(),
    seq: z.number().nullable(),
    attempt: z.number().nullable(),
    status: z.enum(STEP_STATUSES),
    waiting_for: z.enum(WAITING_FOR).nullable(),
    message: z.string().nullable(),
    progress: z.number().nullable(),
    actor: z.string().nullable(),
    at: instant,
  })
  .meta({ id: 'HistoryEntry' });

/** One line of a step's log. */
export const LogLine = z.object({
  n: z.number(),
  at: instant,
  stream: z.enum(['stdout', 'stderr', 'system']),
  level: z.enum(['debug', 'info', 'warn', 'error']),
  text: z.string(),
  attempt: z.number(),
  continued: z.literal(true).optional().meta({ description: 'a piece of a longer line, which goes on in the next' }),
});
export type LogLine = z.infer<typeof LogLine>;

/** Some lines of a step's log; lines are numbered from 1 and continue over attempts. */
export const LogPage = z
  .object({
    items: z.array(LogLine),
    first: z.number(),
    last: z.number(),
    total: z.number(),
    first_error_line: z.number().nullable(),
  })
  .meta({ id: 'LogPage' });
