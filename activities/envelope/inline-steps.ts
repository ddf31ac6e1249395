import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import type { Sql } from '#db/client.ts';
import type { RecordedAttempt } from '#db/queries/recorded-attempts.ts';
import { attemptsAllowed } from '#jobs/activity-terms.ts';
import { applyEvent, type StepState } from '#jobs/apply-event.ts';
import { restMs, soleInlineStep } from '#jobs/inline-step.ts';
import { nextSteps } from '#jobs/next-steps.ts';
import {
  INLINE_STEPS_AT_ONCE,
  type InlineCall,
  type InlineEnd,
  type InlineReport,
  type StepCall,
  type StepReport,
} from '#workflows/messages.ts';
import { snapshotOf, stepCallOf } from '#workflows/step-call.ts';
import { attemptsOf, attemptTold, stepErrorOf } from '#workflows/step-failure.ts';
import type { TemporalAttempt } from './attempt.ts';
import type { ReadRows } from './begin.ts';
import { readAttempts } from './history.ts';

/** So that a wish to pause, to cancel or to end in time is not held up: after this no further step begins. */
const LONGEST_ROW_MS = 500;

/** Makes one attempt of a step of any type. */
export type AttemptStep = (call: StepCall, context: TemporalAttempt, readRows: ReadRows) => Promise<StepReport>;

/**
 * Carries out one inline step after the other, each as if it were an activity of its own, as long as nothing else is to be done; answers how
 * each ended. Temporal starts a row anew when its worker died, so what the rows show of it is not done again unseen.
 */
export async function carryOutInline(
  sql: Sql,
  attemptStep: AttemptStep,
  call: InlineCall,
  context: TemporalAttempt,
): Promise<InlineReport> {
  const { plan } = call;
  const readRows = rowsReader(sql, call);
  const ended: InlineEnd[] = [];
  const enoughAt = performance.now() + LONGEST_ROW_MS;
  for (let state = call.state; ended.length < INLINE_STEPS_AT_ONCE && performance.now() < enoughAt; ) {
    const start = soleInlineStep(nextSteps(plan, state, Date.now()), state);
    if (start === null) break;
    const running = applyEvent(state, { type: 'step_started', key: start.step.id });
    const snapshot = snapshotOf(running, plan, call.seq + ended.length);
    const end = await carryOutOne(attemptStep, stepCallOf(call, running, start, snapshot), context, readRows);
    ended.push(end);
    if ('error' in end || context.cancellationSignal.aborted) break;
    state = applyEvent(running, { type: 'step_completed', key: end.key, outputs: end.outputs });
  }
  return { ended };
}

/** Attempts a step until it ends, resting in between as its policy says. */
async function carryOutOne(attemptStep: AttemptStep, call: StepCall, context: TemporalAttempt, readRows: ReadRows): Promise<InlineEnd> {
  const { key, step, attemptsBefore } = call;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { key, ...(await attemptStep(call, attemptOf(context, attempt), readRows)) };
    } catch (error) {
      if (!isTriedAgain(error, attempt, step) || context.cancellationSignal.aborted)
        return {
          key,
          error: stepErrorOf(error),
          attempts: attemptsBefore + attemptsOf(error, step),
          attempt: attemptTold(error, attemptsBefore),
        };
    }
    await sleep(restMs(step.retry, attempt), undefined, { signal: context.cancellationSignal }).catch(() => undefined);
  }
}

/** One question for the whole row before its first step; a step that was attempted here since then is asked about by itself. */
function rowsReader(sql: Sql, { run, plan, state }: InlineCall): ReadRows {
  const keys = plan.steps.filter((step) => step.inline && !isBehind(state.steps[step.id])).map(({ id }) => id);
  let atFirst: Promise<ReadonlyMap<string, readonly RecordedAttempt[]>> | null = null;
  const asked = new Set<string>();
  return async ({ key }, signal) => {
    if (asked.has(key)) return readAttempts(sql, run, [key], signal);
    atFirst ??= readAttempts(sql, run, keys, signal).then((rows) => Map.groupBy(rows, (row) => row.key));
    try {
      const rows = (await atFirst).get(key) ?? [];
      asked.add(key);
      return rows;
    } catch (error) {
      atFirst = null;
      throw error;
    }
  };
}

const isBehind = (step: StepState | undefined): boolean => step !== undefined && step.status !== 'retry';

/** As Temporal judges an activity's failure. */
const isTriedAgain = (error: unknown, attempt: number, step: StepCall['step']): boolean =>
  attempt < attemptsAllowed(step) && !(error instanceof CancelledFailure) && !(error instanceof ApplicationFailure && error.nonRetryable);

const attemptOf = (context: TemporalAttempt, attempt: number): TemporalAttempt => ({
  info: { attempt, isLocal: true, heartbeatDetails: undefined },
  cancellationSignal: context.cancellationSignal,
  get cancellationDetails() {
    return context.cancellationDetails;
  },
  heartbeat: () => undefined,
});
