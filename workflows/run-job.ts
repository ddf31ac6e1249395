import {
  ApplicationFailure,
  allHandlersFinished,
  CancelledFailure,
  condition,
  makeContinueAsNewFunc,
  patched,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { retryingKeys } from '#jobs/apply-event.ts';
import type { Finish } from '#jobs/finish.ts';
import { unbegunBy } from '#jobs/holds/window.ts';
import { bytesAsJson, type Json } from '#jobs/json.ts';
import { nextMoment } from '#jobs/next-moment.ts';
import { type Decision, nextSteps } from '#jobs/next-steps.ts';
import { wholeOf } from '#jobs/parts.ts';
import { listenToAnswers } from './answers.ts';
import { failureOf, finalFailureOf, startStep } from './carry-out.ts';
import { divideStep, expandStep } from './expand-step.ts';
import { holdStep, moveHold } from './hold-step.ts';
import { startInlineSteps } from './inline-steps.ts';
import { carryOutLock, listenForLocks } from './locks.ts';
import { RUN_WORKFLOW, type RunInput, SLICE_WORKFLOW, type Steering } from './messages.ts';
import { recordEnd, recordNow } from './mirror.ts';
import { type Carried, type News, OpenRun } from './open-run.ts';
import { reapLaggards } from './reaping.ts';
import { forwardToSlices, hasToldMore, startSlice, stopParts, watchSlices } from './slices.ts';
import { listenToPeople } from './steering.ts';
import { listenForSubRuns, tellParent, untilStopsAreTold } from './steps/job-run.ts';
import { takeUp, untilDue } from './take-up.ts';
import { listenForWindows, openedButNotBegun } from './windows.ts';

/** Beyond the first, or when the server asks for it, a run continues as new once nothing is in flight; beyond the second it starts nothing until it has. */
const CONTINUE_AFTER_EVENTS = 4_000;
const DRAIN_AFTER_EVENTS = 12_000;
/** So it does beyond so many bytes, since Temporal ends a workflow at 50 MB and a step on many targets may ask for much on each. */
const DRAIN_AFTER_BYTES = 24_000_000;
/** In bytes, of which Temporal takes 2 MB at a time; a run whose steps said more than this stays in its history, which their number bounds. */
const MOST_CARRIED = 1_000_000;

/** One run of a job, from its first step to its closing row: asks `nextSteps` what to do, does it, and applies what happened. */
export async function runJob(input: RunInput, carried?: Carried): Promise<Json> {
  const run = new OpenRun(input, carried, Math.max(Date.now(), input.scheduledFor ?? 0));
  listenToPeople(run);
  listenToAnswers(run);
  listenForLocks(run);
  listenForSubRuns(run);
  listenForWindows(run);
  watchSlices(run);
  return run.shielded.run(async () => {
    if (!carried && input.scheduledFor !== undefined) await untilDue(run, input.scheduledFor);
    if (!carried && input.resume) await takeUp(run, input.resume);
    watchDeadline(run);
    return conclude(run, await toItsEnd(run));
  });
}

/** A run that ends badly goes on in a scope of its own: what stopped it must not stop what it calls for. */
async function toItsEnd(run: OpenRun): Promise<Finish> {
  for (;;) {
    const end = await (run.state.ending ? run.aftermath : run.work).run(() => proceed(run));
    if (end.do === 'finish') return end;
  }
}

/** Takes what happens one after the other, never in bunches: a replay may deliver in one activation what once came in several. */
export async function proceed(run: OpenRun): Promise<Finish | Unwind> {
  let news: News | undefined;
  for (;;) {
    const changed = news ? consequences(run, news) : [];
    const inFlight = run.inFlight.size;
    if (isLong() && inFlight === 0 && !run.isStopping) await run.shielded.run(() => carryOnIfQuiet(run, changed, news?.by));
    const end = turn(run, changed);
    if (news) changed.push(...openedButNotBegun(run, news.events));
    if (end?.do === 'unwind') await recordNow(run, run.snapshot({}, news?.by), changed);
    if (end) return end;
    // A step that starts carries the run's row along; where none does, what happened is told by itself.
    const isNews =
      news?.ended !== undefined && run.inFlight.size === inFlight && (inFlight > 0 || isTold()) && isWorthARow(run, news.ended);
    const untold = isNews || news?.by !== undefined || hasToldMore(run, news);
    run.wakeAt(nextMoment(run.state));
    if (changed.length > 0 || untold) await recordNow(run, run.snapshot({}, news?.by), changed);
    news = await run.nextNews();
  }
}

/** The last step in flight has ended and others wait for a person or for the run to be resumed: runs of before this was told by itself go without. */
const isTold = (): boolean => patched('told-when-only-waiting');

/** Of a thousand parts that end most move nothing that the run's row shows. */
const isWorthARow = (run: OpenRun, ended: string): boolean => wholeOf(ended) === null || run.hasMovedOn;

type Unwind = Extract<Decision, { do: 'unwind' }>;

/** Does all that can be done now, adds to `changed` the steps whose rows no activity writes, and answers with the end when there is nothing left to do. */
function turn(run: OpenRun, changed: string[]): Finish | Unwind | null {
  for (;;) {
    const decisions = nextSteps(run.input.plan, run.state, Date.now());
    const end = decisions.find((decision) => decision.do === 'finish');
    if (end) return end;
    const unwind = decisions.find((decision) => decision.do === 'unwind');
    if (unwind) {
      run.apply({ type: 'ending', ending: unwind.ending });
      return unwind;
    }
    if (startInlineSteps(run, decisions)) return null;
    const ended = decisions.flatMap((decision) => carryOut(run, decision) ?? []);
    changed.push(...ended);
    if (ended.length === 0) return null;
  }
}

/** Carries out one decision; answers with the keys of the steps that ended by it. */
function carryOut(run: OpenRun, decision: Decision): string | readonly string[] | null {
  switch (decision.do) {
    case 'start':
      if (!isDraining() || run.inFlight.size === 0) startStep(run, decision);
      return null;
    case 'expand':
      expandStep(run, decision);
      return null;
    case 'hold':
      return holdStep(run, decision);
    case 'move':
      return moveHold(run, decision);
    case 'give_up':
      run.apply(finalFailureOf(decision.step, decision.key, decision.error, decision.attempts));
      return decision.key;
    case 'divide':
      return divideStep(run, decision);
    case 'rest':
      run.apply({ type: 'step_rested', key: decision.step.id, rest: decision.rest });
      return null;
    case 'stop_parts':
      return stopParts(run, decision);
    case 'slice':
      startSlice(run, decision);
      return null;
    case 'complete':
      run.apply({ type: 'step_completed', key: decision.step.id, outputs: {} });
      return decision.step.id;
    case 'skip':
      run.apply({ type: 'step_skipped', key: decision.step.id, reason: decision.reason });
      return decision.step.id;
    case 'fail':
      run.apply(failureOf(decision.isFinal ? { ...decision.step, onError: 'fail' } : decision.step, decision.key, decision.error, 0));
      return decision.key;
    case 'lock':
    case 'unlock':
    case 'admit':
      return carryOutLock(run, decision);
    case 'wait':
    case 'unwind':
    case 'finish':
      return null;
  }
}

/** What follows from news: a wish to stop reaches every step in flight. Answers with the steps whose rows only the workflow can write. */
function consequences(run: OpenRun, news: News): string[] {
  const { events, ended, isUntold, cancels, by } = news;
  forwardToSlices(run, news);
  if (cancels) cancelSteps(run, cancels);
  const untold = ended !== undefined && isUntold ? [ended] : [];
  const others = events.flatMap((event) => {
    if (event.type === 'cancel_forced' && run.state.ending) {
      run.cancelWork();
      reapLaggards(run, Date.now());
    }
    if ((event.type === 'cancel_requested' || event.type === 'timed_out') && !run.state.ending) {
      run.cancelWork();
      reapLaggards(run, event.type === 'timed_out' ? run.deadline : run.cancelAskedAt);
    }
    if (event.type === 'hold_answered') return [event.key];
    if (event.type === 'step_retried') return retryingKeys(run.state, event.key);
    const isPersons = by !== undefined && (event.type === 'step_skipped' || event.type === 'step_failed');
    return isPersons || (event.type === 'step_failed' && event.outcome === 'wait') ? [event.key] : unbegunBy(event);
  });
  return [...untold, ...others];
}

/** A person wants some of the steps in flight to end, while the run goes on. */
function cancelSteps(run: OpenRun, { key, why }: NonNullable<News['cancels']>): void {
  const keys = run.scopes.keysOf(key);
  run.scopes.cancel(keys, why);
  reapLaggards(run, Date.now(), keys);
}

function watchDeadline(run: OpenRun): void {
  if (run.deadline === null) return;
  void sleep(Math.max(1, run.deadline - Date.now())).then(() => run.tell({ events: [{ type: 'timed_out' }] }));
}

const isLong = (): boolean => workflowInfo().historyLength > CONTINUE_AFTER_EVENTS || workflowInfo().continueAsNewSuggested;

const isDraining = (): boolean => workflowInfo().historyLength > DRAIN_AFTER_EVENTS || workflowInfo().historySize > DRAIN_AFTER_BYTES;

/** Hands the run to a fresh history, unless something is unheard by then. */
async function carryOnIfQuiet(run: OpenRun, changed: readonly string[], by: Steering | undefined): Promise<void> {
  if (changed.length > 0 || by) await recordNow(run, run.snapshot({}, by), changed);
  await condition(allHandlersFinished);
  if (run.words.size > 0) await Promise.all(run.words);
  // What the run began with is in its state by now.
  const { resume: _, ...input } = run.input;
  if (!run.hasNews && bytesAsJson(run.carried) <= MOST_CARRIED) await continueAsWhatItIs(input, run.carried);
}

/** A run that a schedule started is one like all others from then on; a slice stays one. */
const continueAsWhatItIs = (input: RunInput, carried: Carried): Promise<never> => {
  const workflowType = input.slice === undefined ? RUN_WORKFLOW : SLICE_WORKFLOW;
  return makeContinueAsNewFunc<typeof runJob>({ workflowType })(input, carried);
};

/** Writes the closing row, then ends the workflow so that Temporal's status says the same. */
async function conclude(run: OpenRun, { status, error, result }: Finish): Promise<Json> {
  const wish = run.state.cancel;
  const by = wish?.actor ? { actor: wish.actor, reason: wish.reason } : undefined;
  const error_message = status === 'cancelled' ? null : error;
  const refused = run.state.locks?.['']?.status === 'refused' && status === 'cancelled' ? { message: error } : {};
  await recordEnd(
    run,
    run.snapshot({ status, waiting_for: null, error_message, ...refused, ...(status === 'completed' ? { progress: 100 } : {}) }, by),
    result,
  );
  await untilStopsAreTold(run);
  await tellParent(run);
  await condition(allHandlersFinished);
  // Temporal keeps the result of what a schedule started with the schedule.
  if (status === 'completed') return run.input.workflowId === undefined ? result : null;
  if (status === 'cancelled') throw new CancelledFailure(error ?? 'cancelled');
  throw ApplicationFailure.nonRetryable(error ?? status, status);
}
