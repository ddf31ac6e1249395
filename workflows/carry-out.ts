import { ApplicationFailure, patched, proxyActivities, proxyLocalActivities, type RetryPolicy } from '@temporalio/workflow';
import { activityIdOf, HEARTBEAT_MS, retryTermsOf, START_TO_CLOSE_MS, TIMEOUT_GRACE_MS } from '#jobs/activity-terms.ts';
import { attemptsBefore, isStopping } from '#jobs/apply-event.ts';
import type { StepError } from '#jobs/failure.ts';
import { afterClosed } from '#jobs/holds/window.ts';
import type { Decision } from '#jobs/next-steps.ts';
import type { PlannedStep } from '#jobs/plan.ts';
import { queueName } from '#jobs/queues/name.ts';
import type { RunEvent } from '#jobs/run-event.ts';
import { priorityOf, type StepCall, type StepReport } from './messages.ts';
import type { OpenRun } from './open-run.ts';
import { queueReady } from './queue-ready.ts';
import { reapedError } from './reaped-error.ts';
import { expectRemains, forgetRemains, reap } from './reaping.ts';
import { stepCallOf } from './step-call.ts';
import { attemptsOf, attemptTold, cancelledInstead, isUnseenEnd, stepErrorOf } from './step-failure.ts';

type StepActivities = Record<string, (call: StepCall) => Promise<StepReport>>;
type Start = Extract<Decision, { do: 'start' }>;

/** Starts a step, or a part of one, in a scope of its own and tells the run how it ended. */
export function startStep(run: OpenRun, start: Start): void {
  const { step, key } = start;
  const before = attemptsBefore(run.state, key);
  const ended = run.begin(key);
  const call = stepCallOf(run.input, run.state, start, run.snapshot());
  const remains = expectRemains(run, call);
  run.scopes
    .ask(key, () => execute(run, step, call))
    .then(
      ({ outputs, attempt }) => {
        forgetRemains(run, key, remains);
        ended([{ type: 'step_completed', key, outputs, attempt }]);
      },
      (error: unknown) => {
        forgetRemains(run, key, remains);
        const why = run.scopes.whyCancelled(key);
        const attempts = before + attemptsOf(error, step);
        const failed = (told: StepError) =>
          (why === null ? afterClosed(step, key, told, attempts, Date.now()) : null) ?? [
            failureOf(step, key, cancelledError(told, why), attempts, attemptTold(error, before)),
          ];
        const told = why !== null || isStopping(run.state) ? cancelledInstead(stepErrorOf(error)) : stepErrorOf(error);
        const isUnseen = isUnseenEnd(error);
        // No worker wrote the row of such an end.
        const by = isUnseen && patched('unseen-ends-written') ? 'workflow' : 'worker';
        if (remains === null || (remains.found === undefined && !isUnseen)) ended(failed(told), by);
        else
          reap(run, remains).then((found) =>
            ended((state) => failed(reapedError(told, found, remains.call.target, why !== null || isStopping(state))), by),
          );
      },
    );
}

/** What was cancelled alone says by whom. */
const cancelledError = (error: StepError, why: string | null): StepError =>
  why === null || error.type !== 'cancelled' ? error : { ...error, message: `${why}${error.message.replace(/^cancelled/, '')}` };

function execute(run: OpenRun, step: PlannedStep, call: StepCall): Promise<StepReport> {
  const { input } = run;
  const queue = queueName(step.queue, input.zone);
  const retry = retryPolicyOf(step);
  // A cancelled step has ended only when its work has: the activity answers once the process is dead.
  const cancellationType = 'WAIT_CANCELLATION_COMPLETED';
  const activities = step.inline
    ? proxyLocalActivities<StepActivities>({ startToCloseTimeout: step.timeoutMs + TIMEOUT_GRACE_MS, retry, cancellationType })
    : proxyActivities<StepActivities>({
        taskQueue: queue,
        activityId: activityIdOf(call.key, call.attemptsBefore),
        startToCloseTimeout: START_TO_CLOSE_MS,
        heartbeatTimeout: HEARTBEAT_MS,
        cancellationType,
        retry,
        summary: step.name,
        // A step inherits its run's, as far as that was started with it: one that a schedule of Temporal's starts may not be.
        ...(step.priority === null && !input.schedule && !input.fairness ? {} : { priority: priorityOf(input, step.priority) }),
      });
  const activity = activities[step.type];
  if (!activity) throw ApplicationFailure.nonRetryable(`no step type ${step.type}`, 'invalid_input');
  return step.inline || input.zone === undefined ? activity(call) : queueReady(run, queue).then(() => activity(call));
}

function retryPolicyOf(step: PlannedStep): RetryPolicy {
  const { maximumAttempts, initialMs, backoff, maximumMs } = retryTermsOf(step);
  return { maximumAttempts, initialInterval: initialMs, backoffCoefficient: backoff, maximumInterval: maximumMs };
}

/** What the failure of a step, or of a part of it, means for the run, by its author's wish. What one part's means is decided when all have ended. */
export function failureOf(step: PlannedStep, key: string, error: StepError, attempts: number, attempt?: number): RunEvent {
  const otherwise = key === step.id ? 'fail' : 'tolerate';
  const outcome = step.continueOnFailure ? 'tolerate' : step.onError === 'wait' && error.type !== 'cancelled' ? 'wait' : otherwise;
  const until = outcome === 'wait' && typeof step.interventionMs === 'number' ? Date.now() + step.interventionMs : null;
  return { type: 'step_failed', key, error, attempts, outcome, attempt, ...(until !== null && { until }) };
}

/** The failure of a step that waited for a person, once nobody is waited for any more. */
export const finalFailureOf = (step: PlannedStep, key: string, error: StepError, attempts: number): RunEvent => ({
  type: 'step_failed',
  key,
  error: { ...error, message: `${error.message} (and nobody took it up in time)` },
  attempts,
  outcome: key === step.id ? 'fail' : 'tolerate',
});
