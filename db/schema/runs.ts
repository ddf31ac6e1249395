import { boolean, integer, jsonb, pgTable, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core';
import type { SkipReason } from '#jobs/apply-event.ts';
import type { JobDefinition } from '#jobs/definition.ts';
import type { StepError } from '#jobs/failure.ts';
import type { Json, JsonObject } from '#jobs/json.ts';
import type { Plan } from '#jobs/plan.ts';
import type { RerunFacts } from '#jobs/rerun.ts';
import type { RunStatus, StepStatus, WaitingFor } from '#jobs/run-state.ts';
import type { ScheduleContext } from '#jobs/schedules/context.ts';
import type { TargetChoice } from '#jobs/target-choice.ts';
import { big, bytes, owned, time } from './columns.ts';
import type { Trigger } from './words.ts';

export type { Trigger } from './words.ts';

/** One row per run: the mirror of its workflow, kept newer by `seq` only. */
export const runs = pgTable('runs', {
  ...owned(),
  number: big().notNull(),
  job: text().notNull(),
  job_id: uuid(),
  version: integer(),
  title: text(),
  status: text().$type<RunStatus>().notNull(),
  waiting_for: text().$type<WaitingFor>(),
  message: text(),
  error_message: text(),
  parameters: jsonb().$type<JsonObject>().notNull(),
  client: text(),
  ref_num: text(),
  priority: smallint().notNull(),
  timezone: text(),
  trigger: text().$type<Trigger>().notNull(),
  scheduled_for: time(),
  created_by: text().notNull(),
  target: text(),
  worker_id: text(),
  workflow_id: text().notNull(),
  total_steps: integer().notNull(),
  completed_steps: integer().notNull(),
  failed_steps: integer().notNull(),
  execution_time_ms: big(),
  retry_count: integer().notNull(),
  retry_of: uuid(),
  rerun_of: uuid(),
  status_history_count: integer().notNull(),
  status_actor: text(),
  status_at: time(),
  /** The run whose step started this one, the step's key there, and which try of that step it was. */
  parent_run: uuid(),
  parent_key: text(),
  parent_attempt: integer(),
  /** The run whose end started this one. */
  chain_source: uuid(),
  /** How many ends of runs led here. */
  chain_depth: integer().notNull().default(0),
  /** The schedule that started it, and the moment it stands for. */
  schedule: text(),
  schedule_id: uuid(),
  nominal_at: time(),
  /** How many of its steps are between two attempts, as their rows count it; while it goes on, `status` is `retrying` then. */
  resting: integer().notNull().default(0),
  /** What one of those failed of, after its key. */
  retry_error: text(),
  progress: smallint().notNull(),
  result_data: jsonb().$type<Json>(),
  seq: big().notNull(),
  sample: boolean().notNull(),
  created_at: time().notNull(),
  queued_at: time(),
  started_at: time(),
  ended_at: time(),
  updated_at: time().notNull(),
});

/** One row per step of a run that has started or ended, at its newest attempt. */
export const runSteps = pgTable(
  'run_steps',
  {
    run_id: uuid().notNull(),
    key: text().notNull(),
    project: text().notNull(),
    step_id: text().notNull(),
    step_number: integer().notNull(),
    name: text().notNull(),
    type: text().notNull(),
    status: text().$type<StepStatus>().notNull(),
    waiting_for: text().$type<WaitingFor>(),
    message: text(),
    error: jsonb().$type<StepError>(),
    config: jsonb().$type<JsonObject>(),
    /** A list for a step on several targets, null when that is too large for a row. */
    outputs: jsonb().$type<JsonObject | readonly JsonObject[]>(),
    result: jsonb().$type<Json>(),
    exit_code: integer(),
    stdout: text(),
    stderr: text(),
    target: text(),
    /** The step on several targets that this one is a part of. */
    parent_key: text(),
    /** The targets of a step on several of them, as they were resolved. */
    targets: jsonb().$type<readonly string[]>(),
    /** What a part is about: its item or combination, cut short where it is long. */
    item: jsonb().$type<Json>(),
    /** How many parts a step was taken apart into. */
    parts: integer(),
    /** The run that executed it, for a result that was kept. */
    kept_from: uuid(),
    /** What the step waits for, or had asked of people, with their answers. */
    hold: jsonb().$type<JsonObject>(),
    skip_reason: text().$type<SkipReason>(),
    worker_id: text(),
    attempt: integer().notNull(),
    attempts_allowed: integer(),
    progress: smallint().notNull(),
    progress_message: text(),
    started_at: time(),
    ended_at: time(),
    duration_ms: big(),
    updated_at: time().notNull(),
  },
  (table) => [primaryKey({ columns: [table.run_id, table.key] })],
);

/** One row per attempt of a step. */
export const stepAttempts = pgTable(
  'step_attempts',
  {
    run_id: uuid().notNull(),
    key: text().notNull(),
    attempt: integer().notNull(),
    status: text().$type<StepStatus>().notNull(),
    error: jsonb().$type<StepError>(),
    worker_id: text(),
    exit_code: integer(),
    first_line: integer(),
    /** Took up what an earlier attempt had begun, instead of executing anew. */
    reattached: boolean().notNull().default(false),
    started_at: time(),
    ended_at: time(),
    duration_ms: big(),
    /** The transactions that wrote its beginning and its end. */
    tx: big(),
    ended_tx: big(),
  },
  (table) => [primaryKey({ columns: [table.run_id, table.key, table.attempt] })],
);

/** One row per change of status; the run's own stand under the empty step key. */
export const statusHistory = pgTable(
  'status_history',
  {
    run_id: uuid().notNull(),
    id: big().notNull(),
    step_key: text().notNull(),
    seq: big(),
    attempt: integer(),
    status: text().$type<StepStatus>().notNull(),
    waiting_for: text().$type<WaitingFor>(),
    message: text(),
    progress: smallint(),
    actor: text(),
    at: time().notNull(),
    /** The transaction that wrote it. */
    tx: big(),
  },
  (table) => [primaryKey({ columns: [table.run_id, table.id] })],
);

/** Up to 1,000 lines of a step's log, deflated (db/log-chunk.ts); lines are numbered from 1 per step key, through all attempts. */
export const logChunks = pgTable(
  'log_chunks',
  {
    run_id: uuid().notNull(),
    step_key: text().notNull(),
    first_line: integer().notNull(),
    attempt: integer().notNull(),
    line_count: integer().notNull(),
    byte_count: integer().notNull(),
    started_at: time().notNull(),
    ended_at: time().notNull(),
    first_error_line: integer(),
    /** Raw bytes of each stream that stand in the chunks up to this one. */
    stdout_bytes: big().notNull().default(0),
    stderr_bytes: big().notNull().default(0),
    data: bytes().notNull(),
  },
  (table) => [primaryKey({ columns: [table.run_id, table.step_key, table.first_line] })],
);

/** What a run started with that no version of a job holds. */
export const runInputs = pgTable('run_inputs', {
  run_id: uuid().primaryKey(),
  definition: jsonb().$type<JobDefinition>(),
  plan: jsonb().$type<Plan>(),
  target: jsonb().$type<TargetChoice>(),
  /** The steps that were chosen at start; null: all. */
  steps: jsonb().$type<readonly string[]>(),
  rerun: jsonb().$type<RerunFacts>(),
  warnings: jsonb().$type<readonly string[]>(),
  /** By step id: the only targets of a step on several; null: all. */
  only_targets: jsonb().$type<{ readonly [step: string]: readonly string[] }>(),
  /** What its expressions know of a schedule. */
  schedule: jsonb().$type<ScheduleContext>(),
});

export type RunRow = typeof runs.$inferSelect;
export type RunInputRow = typeof runInputs.$inferSelect;
export type RunStepRow = typeof runSteps.$inferSelect;
export type StepAttemptRow = Omit<typeof stepAttempts.$inferSelect, 'tx' | 'ended_tx'>;
export type StatusHistoryRow = Omit<typeof statusHistory.$inferSelect, 'tx'>;
