import type { StepFinished, StepStarted } from '#db/queries/record-steps.ts';
import type { StepError } from '#jobs/failure.ts';
import type { JsonObject } from '#jobs/json.ts';
import { shownItem } from '#jobs/parts.ts';
import type { StepStatus } from '#jobs/run-state.ts';
import type { StepCall } from '#workflows/messages.ts';

/** That an attempt began, with the step and the run as they stand. */
export const startedEvent = (
  call: StepCall,
  attempt: number,
  workerId: string,
  firstLine: number,
  { executions, reattached, leavesWork }: { readonly executions: number; readonly reattached: boolean; readonly leavesWork: boolean },
): StepStarted => ({
  kind: 'started',
  run: call.run,
  project: call.project,
  key: call.key,
  attempt,
  step_id: call.step.id,
  step_number: call.step.number,
  name: call.step.name,
  type: call.step.type,
  config: call.config,
  target: call.target,
  ...(call.part && { item: shownItem(call.part) }),
  worker_id: workerId,
  // An attempt that took up an earlier one's work leaves the executions that are allowed as they are.
  attempts_allowed: attempt + Math.max(0, call.step.retry.attempts - executions),
  first_line: firstLine,
  reattached,
  leaves_work: leavesWork,
  at: new Date().toISOString(),
  snapshot: call.snapshot,
});

type Ending = Pick<StepFinished, 'status'> & Partial<StepFinished>;

const finishedEvent = (call: StepCall, attempt: number, ending: Ending): StepFinished => ({
  kind: 'finished',
  run: call.run,
  key: call.key,
  attempt,
  at: new Date().toISOString(),
  retrying: false,
  error: null,
  outputs: null,
  result: null,
  exit_code: null,
  stdout: null,
  stderr: null,
  ...ending,
});

/** That an attempt did what it should; a result's exit code and output tails also stand in columns of their own. */
export const completedEvent = (call: StepCall, attempt: number, outputs: JsonObject, result: JsonObject): StepFinished =>
  finishedEvent(call, attempt, {
    status: 'completed',
    outputs,
    result,
    exit_code: typeof result.exit_code === 'number' ? result.exit_code : null,
    stdout: typeof result.stdout === 'string' ? result.stdout : null,
    stderr: typeof result.stderr === 'string' ? result.stderr : null,
  });

const STATUS: { readonly [type: string]: StepStatus } = { timeout: 'timed_out', cancelled: 'cancelled', lost: 'lost' };

/** That an attempt failed, and whether another follows. */
export const failedEvent = (
  call: StepCall,
  attempt: number,
  error: StepError,
  {
    retrying,
    isPaused = false,
    ...tails
  }: { readonly retrying: boolean; readonly isPaused?: boolean; readonly stdout?: string; readonly stderr?: string },
): StepFinished =>
  finishedEvent(call, attempt, {
    status: STATUS[error.type] ?? 'failed',
    retrying,
    ...(isPaused && { isPaused }),
    error,
    exit_code: typeof error.details?.exit_code === 'number' ? error.details.exit_code : null,
    ...tails,
  });
