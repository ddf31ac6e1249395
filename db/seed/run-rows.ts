import type { Copied } from './copy.ts';
import type { MadeRun } from './made-runs.ts';

/** The columns of `runs` that a seeded run fills. */
export const RUN_COLUMNS = [
  'id',
  'number',
  'job',
  'job_id',
  'version',
  'status',
  'error_message',
  'client',
  'ref_num',
  'priority',
  'timezone',
  'trigger',
  'created_by',
  'target',
  'worker_id',
  'workflow_id',
  'total_steps',
  'completed_steps',
  'failed_steps',
  'progress',
  'seq',
  'created_at',
  'queued_at',
  'started_at',
  'ended_at',
  'updated_at',
] as const;

const time = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** A run as a row of `runs`. */
export const runRow = (run: MadeRun, jobId: string): readonly Copied[] => [
  run.id,
  run.number,
  run.job.name,
  jobId,
  1,
  run.status,
  run.error,
  run.client,
  run.ref,
  run.job.priority,
  run.job.zone,
  run.job.trigger,
  run.by,
  run.target,
  run.startedAt === null ? null : 'seed',
  `run:${run.id}`,
  run.job.steps.length,
  run.completedSteps,
  run.error === null || run.startedAt === null ? 0 : 1,
  Math.round((100 * run.completedSteps) / run.job.steps.length),
  2,
  time(run.createdAt),
  time(run.createdAt),
  time(run.startedAt),
  time(run.endedAt),
  time(run.endedAt),
];

/** The columns of a step's row and of an attempt's. */
export const STEP_COLUMNS = [
  'run_id',
  'key',
  'step_id',
  'step_number',
  'name',
  'type',
  'status',
  'error',
  'exit_code',
  'target',
  'parent_key',
  'targets',
  'parts',
  'attempt',
  'attempts_allowed',
  'progress',
  'started_at',
  'ended_at',
  'updated_at',
] as const;
// Without a transaction: log files tell what happens, not what is made up.
export const ATTEMPT_COLUMNS = [
  'run_id',
  'key',
  'attempt',
  'status',
  'error',
  'worker_id',
  'exit_code',
  'started_at',
  'ended_at',
  'tx',
  'ended_tx',
] as const;

/** A step of one attempt. */
export interface MadeStep {
  readonly run: string;
  readonly key: string;
  readonly id: string;
  readonly number: number;
  readonly status: 'completed' | 'failed' | 'timed_out' | 'lost' | 'cancelled';
  readonly error: string | null;
  readonly target: string | null;
  readonly parent: string | null;
  readonly targets: readonly string[] | null;
  readonly startedAt: number;
  readonly endedAt: number;
}

const TYPE = 'local.exec';
const FAILURES = { failed: 'exit_code', timed_out: 'timeout', lost: 'lost', cancelled: 'cancelled', completed: '' } as const;

const errorOf = ({ status, error }: MadeStep): string | null =>
  error === null ? null : JSON.stringify({ type: FAILURES[status], message: error });

const exitOf = ({ status }: MadeStep): number | null => (status === 'completed' ? 0 : status === 'failed' ? 2 : null);

export const stepRow = (step: MadeStep): readonly Copied[] => [
  step.run,
  step.key,
  step.id,
  step.number,
  step.id,
  TYPE,
  step.status,
  errorOf(step),
  exitOf(step),
  step.target,
  step.parent,
  step.targets === null ? null : JSON.stringify(step.targets),
  step.targets === null ? null : step.targets.length,
  1,
  1,
  step.status === 'completed' ? 100 : 0,
  time(step.startedAt),
  time(step.endedAt),
  time(step.endedAt),
];

export const attemptRow = (step: MadeStep): readonly Copied[] => [
  step.run,
  step.key,
  1,
  step.status,
  errorOf(step),
  'seed',
  exitOf(step),
  time(step.startedAt),
  time(step.endedAt),
  null,
  null,
];

/** The steps of a made run: those that completed one after the other, and the one that ended it badly. */
export function* stepsOf(run: MadeRun): Generator<MadeStep> {
  if (run.startedAt === null) return;
  const { status } = run;
  if (status !== 'completed' && status !== 'failed' && status !== 'timed_out' && status !== 'lost' && status !== 'cancelled') return;
  const begun = Math.min(run.completedSteps + (status === 'completed' ? 0 : 1), run.job.steps.length);
  const each = (run.endedAt - run.startedAt) / Math.max(1, begun);
  for (const [at, id] of run.job.steps.slice(0, begun).entries()) {
    const isDone = at < run.completedSteps;
    yield {
      run: run.id,
      key: id,
      id,
      number: at + 1,
      status: isDone ? 'completed' : status,
      error: isDone ? null : run.error,
      target: null,
      parent: null,
      targets: null,
      startedAt: Math.round(run.startedAt + each * at),
      endedAt: Math.round(run.startedAt + each * (at + 1)),
    };
  }
}
