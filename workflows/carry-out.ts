import { ApplicationFailure, proxyActivities, proxyLocalActivities, type RetryPolicy } from '@temporalio/workflow';
import { attemptsBefore, isStopping, type RunEvent } from '#jobs/apply-event.ts';
import type { StepError } from '#jobs/failure.ts';
import type { Decision } from '#jobs/next-steps.ts';
import type { PlannedStep } from '#jobs/plan.ts';
import type { StepCall, StepReport } from './messages.ts';
import type { OpenRun } from './open-run.ts';
import { reapedError } from './reaped-error.ts';
import { expectRemains, forgetRemains, reap } from './reaping.ts';
import { stepCallOf } from './step-call.ts';
import { attemptsAllowed, attemptsOf, attemptTold, isUnseenEnd, stepErrorOf } from './step-failure.ts';

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
  const remains = expectRemains(run, call);
  execute(step, call).then(
    ({ outputs, attempt }) => {
      forgetRemains(run, key, remains);
      ended([{ type: 'step_completed', key, outputs, attempt }]);
    },
    (error: unknown) => {
      forgetRemains(run, key, remains);
      const failed = (told: StepError) => [failureOf(step, key, told, before + attemptsOf(error, step), attemptTold(error, before))];
      const told = stepErrorOf(error);
      if (remains === null || (remains.found === undefined && !isUnseenEnd(error))) ended(failed(told));
      else reap(run, remains).then((found) => ended((state) => failed(reapedError(told, found, remains.call.target, isStopping(state)))));
    },
  );
}

function execute(step: PlannedStep, call: StepCall): Promise<StepReport> {
  const retry = retryPolicyOf(step);
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

/** Work that outlives its worker is taken up again soon; a failure of it tells by itself how long to wait. */
function retryPolicyOf(step: PlannedStep): RetryPolicy {
  const maximumAttempts = attemptsAllowed(step);
  if (step.reattaches) return { maximumAttempts, initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10s' };
  const { delayMs, backoff, maxDelayMs } = step.retry;
  return {
    maximumAttempts,
    initialInterval: Math.max(1, delayMs),
    backoffCoefficient: backoff,
    maximumInterval: Math.max(1, delayMs, maxDelayMs),
  };
}

/** What the failure of a step, or of a part of it, means for the run, by its author's wish. What one part's means is decided when all have ended. */
export function failureOf(step: PlannedStep, key: string, error: StepError, attempts: number, attempt?: number): RunEvent {
  const otherwise = key === step.id ? 'fail' : 'tolerate';
  const outcome = step.continueOnFailure ? 'tolerate' : step.onError === 'wait' ? 'wait' : otherwise;
  return { type: 'step_failed', key, error, attempts, outcome, attempt };
}
