import { proxyLocalActivities } from '@temporalio/workflow';
import { attemptsAllowed } from '#jobs/activity-terms.ts';
import { attemptsBefore } from '#jobs/apply-event.ts';
import { afterClosed } from '#jobs/holds/window.ts';
import { restMs, soleInlineStep } from '#jobs/inline-step.ts';
import type { Decision } from '#jobs/next-steps.ts';
import type { PlannedStep } from '#jobs/plan.ts';
import type { RunEvent } from '#jobs/run-event.ts';
import { failureOf } from './carry-out.ts';
import { INLINE_STEPS_AT_ONCE, type InlineCall, type InlineEnd, type InlineReport } from './messages.ts';
import type { OpenRun } from './open-run.ts';
import { attemptsOf, attemptTold, stepErrorOf } from './step-failure.ts';

/** Plan and state travel with each call, so a plan of more steps than this goes step by step. */
const LARGEST_PLAN = 200;
/** The worker starts no further step after half a second; this is for a worker that does not keep to it. */
const GRACE_MS = 60_000;

/**
 * Starts a row of inline steps as one local activity, when all there is to do is one of them after the other: the worker decides by the same
 * `nextSteps` and answers with how each ended. Steps apart would be one workflow task too, so a crash repeats neither more nor less.
 * False when the steps are to be started one by one.
 */
export function startInlineSteps(run: OpenRun, decisions: readonly Decision[]): boolean {
  const { run: id, project, plan } = run.input;
  const { state } = run;
  const step = soleInlineStep(decisions, state)?.step;
  if (step === undefined || plan.steps.length > LARGEST_PLAN) return false;
  const before = attemptsBefore(state, step.id);
  const ended = run.begin(step.id);
  carryOn(plan.steps, { run: id, project, plan, state, seq: run.reserve(INLINE_STEPS_AT_ONCE) }).then(
    (report) => ended(report.ended.flatMap((end) => eventsOf(run, end, step))),
    (error: unknown) => ended([failureOf(step, step.id, stepErrorOf(error), before + attemptsOf(error, step), attemptTold(error, before))]),
  );
  return true;
}

function carryOn(steps: readonly PlannedStep[], call: InlineCall): Promise<InlineReport> {
  const { inlineSteps } = proxyLocalActivities<{ inlineSteps(call: InlineCall): Promise<InlineReport> }>({
    startToCloseTimeout: GRACE_MS + Math.max(...steps.filter(({ inline }) => inline).map(longestMs)),
    // Each step's own attempts are made by the worker.
    retry: { maximumAttempts: 1 },
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  });
  return inlineSteps(call);
}

const longestMs = (step: PlannedStep): number => attemptsAllowed(step) * (step.timeoutMs + restMs(step.retry, step.retry.attempts));

/** What happened to a step of the row; the first one was begun when the row was. */
function eventsOf(run: OpenRun, end: InlineEnd, first: PlannedStep): readonly RunEvent[] {
  const begun: RunEvent[] = end.key === first.id ? [] : [{ type: 'step_started', key: end.key }];
  if ('outputs' in end) return [...begun, { type: 'step_completed', key: end.key, outputs: end.outputs, attempt: end.attempt }];
  const step = run.input.plan.steps.find(({ id }) => id === end.key) ?? first;
  const waits = afterClosed(step, step.id, end.error, end.attempts, Date.now());
  return [...begun, ...(waits ?? [failureOf(step, step.id, end.error, end.attempts, end.attempt)])];
}
