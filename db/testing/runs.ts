import { v7 as uuidv7 } from 'uuid';
import type { Plan } from '#jobs/plan.ts';
import type { RunStatus, StepStatus } from '#jobs/run-state.ts';
import type { RunRecord, RunSnapshot, StepRecord } from '#workflows/messages.ts';
import { planOf as planOfSteps } from '../../test/generators/plans.ts';
import type { Queryable } from '../client.ts';
import { type Idempotency, type InsertedRun, insertRun, type NewRun } from '../queries/insert-run.ts';
import type { StepFinished, StepProgress, StepStarted } from '../queries/record-steps.ts';

export const auditOf = (actor: string) => ({ actor, request_id: 'request-1' });

/** A plan of this job with one step per id. */
export const planOf = (job: string, ids: readonly string[] = ['one', 'two']): Plan =>
  planOfSteps(
    ids.map((id) => ({ id, config: { command: 'true' } })),
    { job },
  );

/** Accepts a run and answers what became of it. */
export const accept = (
  sql: Queryable,
  {
    run = uuidv7(),
    job = 'nightly',
    project = 'default',
    ...also
  }: Partial<NewRun> & { run?: string; job?: string; project?: string } = {},
  idempotency: Idempotency | null = null,
): Promise<InsertedRun> =>
  insertRun(
    sql,
    {
      input: { run, project, plan: planOf(job), parameters: { site: 'ber' }, target: null },
      job_id: null,
      version: 1,
      title: 'Nightly',
      message: null,
      client: null,
      ref_num: null,
      priority: 5,
      timezone: null,
      trigger: 'manual',
      created_by: 'ann',
      ...also,
    },
    auditOf('ann'),
    idempotency,
  );

export const snapshot = (seq: number, status: RunStatus, also: Partial<RunSnapshot> = {}): RunSnapshot => ({
  seq,
  status,
  waiting_for: null,
  message: null,
  error_message: null,
  completed_steps: 0,
  failed_steps: 0,
  progress: 0,
  actor: null,
  ...also,
});

export const record = (run: string, seq: number, status: RunStatus, also: Partial<RunRecord> = {}): RunRecord => ({
  run,
  project: 'default',
  snapshot: snapshot(seq, status),
  steps: [],
  result_data: null,
  ...also,
});

export const stepRecord = (key: string, status: StepStatus, also: Partial<StepRecord> = {}): StepRecord => ({
  key,
  step_id: key,
  parent_key: null,
  target: null,
  targets: null,
  number: 1,
  name: key,
  type: 'local.exec',
  status,
  waiting_for: null,
  error: null,
  message: null,
  outputs: null,
  attempt: null,
  ...also,
});

export const started = (run: string, key: string, attempt: number, seq: number, also: Partial<StepStarted> = {}): StepStarted => ({
  kind: 'started',
  run,
  project: 'default',
  key,
  step_id: key,
  step_number: 1,
  name: key,
  type: 'local.exec',
  config: { command: 'true' },
  target: null,
  worker_id: `worker-${attempt}`,
  attempt,
  attempts_allowed: 3,
  first_line: null,
  at: new Date().toISOString(),
  snapshot: snapshot(seq, 'running'),
  ...also,
});

export const progressed = (run: string, key: string, attempt: number, percent: number): StepProgress => ({
  kind: 'progress',
  run,
  key,
  attempt,
  percent,
  message: `${percent} of 100`,
});

export const finished = (
  run: string,
  key: string,
  attempt: number,
  status: StepStatus,
  also: Partial<StepFinished> = {},
): StepFinished => ({
  kind: 'finished',
  run,
  key,
  attempt,
  status,
  retrying: false,
  error: null,
  outputs: null,
  result: null,
  exit_code: null,
  stdout: null,
  stderr: null,
  at: new Date().toISOString(),
  ...also,
});
