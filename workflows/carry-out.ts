import { ApplicationFailure, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import { attemptsBefore, type RunEvent } from '#jobs/apply-event.ts';
import type { StepError } from '#jobs/failure.ts';
import type { Decision } from '#jobs/next-steps.ts';
import type { PlannedStep } from '#jobs/plan.ts';
import type { StepCall, StepReport } from './messages.ts';
import type { OpenRun } from './open-run.ts';
import { stepCallOf } from './step-call.ts';
import { attemptsOf, attemptTold, REATTACH_ALLOWANCE, stepErrorOf } from './step-failure.ts';

type StepActivities = Record<string, (call: StepCall) => Promise<StepReport>>;
type Start = Extract<Decision, { do: 'start' }>;

/** The envelope ends a step at its time-out, with time to stop it and to write that down; the server only steps in when the envelope cannot. */
const TIMEOUT_GRACE_MS = 35_000;

/** Starts a step, or a part of one, in the scope that all steps in flight share and tells the run how it ended. */
export function startStep(run: OpenRun, start: Start): void {
  const { step, key } = start;
  const before = attemptsBefore(run.state, key);
  const ended = run.begin(key);
  const call = stepCallOf(run.input, run.state, start, run.snapshot());
  execute(step, call).then(
    ({ outputs, attempt }) => ended([{ type: 'step_completed', key, outputs, attempt }]),
    (error: unknown) =>
      ended([failureOf(step, key, stepErrorOf(error), before + attemptsOf(error, step.retry), attemptTold(error, before))]),
  );
}

function execute(step: PlannedStep, call: StepCall): Promise<StepReport> {
  const retry = {
    maximumAttempts: step.retry.attempts + REATTACH_ALLOWANCE,
    initialInterval: Math.max(1, step.retry.delayMs),
    backoffCoefficient: step.retry.backoff,
    maximumInterval: Math.max(1, step.retry.delayMs, step.retry.maxDelayMs),
  };
  const startToCloseTimeout = step.timeoutMs + TIMEOUT_GRACE_MS;
  // A cancelled step has ended only when its work has: the activity answers once the process is dead.
  const cancellationType = 'WAIT_CANCELLATION_COMPLETED';
  const activities = step.inline
    ? proxyLocalActivities<StepActivities>({ startToCloseTimeout, retry, cancellationType })
    : proxyActivities<StepActivities>({
        taskQueue: step.queue,
        activityId: call.attemptsBefore === 0 ? call.key : `${call.key}~${call.attemptsBefore + 1}`,
        startToCloseTimeout,
        heartbeatTimeout: '10s',
        cancellationType,
        retry,
        summary: step.name,
        ...(step.priority === null ? {} : { priority: { priorityKey: step.priority } }),
      });
  const activity = activities[step.type];
  if (!activity) throw ApplicationFailure.nonRetryable(`no step type ${step.type}`, 'invalid_input');
  return activity(call);
}

/** What the failure of a step, or of a part of it, means for the run, by its author's wish. What one part's means is decided when all have ended. */
export function failureOf(step: PlannedStep, key: string, error: StepError, attempts: number, attempt?: number): RunEvent {
  const otherwise = key === step.id ? 'fail' : 'tolerate';
  const outcome = step.continueOnFailure ? 'tolerate' : step.onError === 'wait' ? 'wait' : otherwise;
  return { type: 'step_failed', key, error, attempts, outcome, attempt };
}
