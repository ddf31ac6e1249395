import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import type { RecordedAttempt } from '#db/queries/recorded-attempts.ts';
import { StepFailure } from '#jobs/failure.ts';
import type { StepCall, StepReport } from '#workflows/messages.ts';
import type { Execution } from '../contract.ts';
import type { TemporalAttempt } from './attempt.ts';
import { LOST, NOTHING_FOLLOWS, type Opening, openAttempt, takenUpBy } from './attempts.ts';
import { type AttemptHistory, historyOf, type LogSoFar, logSoFar, patiently } from './history.ts';
import { failedEvent, startedEvent } from './step-events.ts';
import { settledSoonAfter } from './stop.ts';
import { temporalFailure } from './temporal-failure.ts';
import type { Terms } from './terms.ts';
import { outsideWindows } from './windows.ts';
import type { WorkerParts } from './worker-parts.ts';

/** Reads what is recorded of a step's attempts. */
export type ReadRows = (call: StepCall, signal: AbortSignal) => Promise<readonly RecordedAttempt[]>;

/** An attempt that may do its work. */
export interface Begun {
  readonly attempt: number;
  readonly execution: Execution;
  /** Executions so far, this attempt's included. */
  readonly executions: number;
  readonly logSoFar: LogSoFar;
}

/** Looks at what came before, closes what a dead worker left, and shows this attempt as started; or reports what was done already. Throws when it must not execute. */
export async function beginAttempt(
  worker: WorkerParts,
  terms: Terms,
  info: TemporalAttempt['info'],
  readRows: ReadRows,
  signal: AbortSignal,
): Promise<Begun | StepReport> {
  try {
    const isFirst = isVeryFirst(terms.call, info);
    if (!isFirst && !info.isLocal) await takeChanges(worker, terms, signal);
    const { call } = terms;
    const history = historyOf(call, info.attempt, info.isLocal, isFirst ? [] : await readRows(call, signal), terms.override);
    const opening = openAttempt(history.earlier, call.step);
    if (opening.do === 'answer') return { outputs: opening.outputs, attempt: opening.attempt };
    if (opening.do === 'end') throw await endAgain(worker, call, opening, signal);
    const { attempt, earlier, log } = history;
    const { takesUp } = opening;
    if (takesUp === null) await requireOpen(worker, call, attempt, opening.lostAttempt, signal);
    // What is taken up was begun once, also where executions are counted anew since.
    const executions = Math.max(1, earlier.executions + (takesUp?.counts === false ? 0 : 1));
    await showStarted(worker, call, history, opening, executions, leavesMark(call, info), signal);
    return {
      attempt,
      execution: { number: takesUp?.execution ?? attempt, reattached: takesUp !== null },
      executions,
      // Asked only now: from its start on, what attempts before this one still write is refused.
      logSoFar: takesUp === null ? log : logSoFar(await readRows(call, signal), takesUp.execution),
    };
  } catch (error) {
    if (!signal.aborted || !(signal.reason instanceof StepFailure)) throw error;
    if (signal.reason.type === 'cancelled') throw new CancelledFailure('cancelled before it started');
    if (signal.reason.type === 'lost') throw ApplicationFailure.retryable(`before it started, ${signal.reason.message}`, 'lost');
    throw ApplicationFailure.retryable('the step could not start: the database did not answer', 'internal');
  }
}

/** Refuses to execute outside of the maintenance windows of the step's targets; what is taken up has begun within one. */
async function requireOpen(
  worker: WorkerParts,
  call: StepCall,
  attempt: number,
  lostAttempt: number | null,
  signal: AbortSignal,
): Promise<void> {
  const closed = await outsideWindows(worker, call, attempt - call.attemptsBefore - 1, signal);
  if (closed === null) return;
  if (lostAttempt !== null)
    await settledSoonAfter(signal, worker.recorder.commit(failedEvent(call, lostAttempt, LOST, { retrying: true })));
  throw closed;
}

/** The first attempt that Temporal counts has nothing before it, unless a person had it count anew: then it was scheduled later than its activity. */
const isVeryFirst = ({ attemptsBefore }: StepCall, info: TemporalAttempt['info']): boolean =>
  attemptsBefore + info.attempt === 1 && !info.isLocal && info.currentAttemptScheduledTimestampMs === info.scheduledTimestampMs;

async function takeChanges({ overrides }: WorkerParts, terms: Terms, signal: AbortSignal): Promise<void> {
  terms.begin(await patiently(signal, () => overrides.read(terms.call)));
}

/** Tells an earlier attempt's end once more, or first, if nobody saw it. */
async function endAgain(
  { recorder }: WorkerParts,
  call: StepCall,
  { error, attempt, lostAttempt }: Extract<Opening, { do: 'end' }>,
  signal: AbortSignal,
): Promise<Error> {
  if (lostAttempt !== null) await settledSoonAfter(signal, recorder.commit(failedEvent(call, lostAttempt, error, { retrying: false })));
  return temporalFailure(call, attempt, error, NOTHING_FOLLOWS);
}

async function showStarted(
  { recorder, workerId }: WorkerParts,
  call: StepCall,
  { attempt, log }: AttemptHistory,
  { lostAttempt, takesUp }: Extract<Opening, { do: 'execute' }>,
  executions: number,
  mark: boolean,
  signal: AbortSignal,
): Promise<void> {
  const reattached = takesUp?.counts === false;
  if (lostAttempt !== null) await recorder.add(failedEvent(call, lostAttempt, reattached ? takenUpBy(attempt) : LOST, { retrying: true }));
  const leavesWork = call.step.reattaches ?? false;
  const started = startedEvent(call, attempt, workerId, log.firstLine, { executions, reattached, leavesWork });
  if (mark) await settledSoonAfter(signal, recorder.commit(started));
  else await recorder.add(started);
}

/**
 * What must not happen twice leaves its mark before it happens, so that no crash can hide it; so does what must not be repeated unseen where
 * Temporal does not count, and what outlives its worker, so that somebody looks after it.
 */
const leavesMark = ({ step }: StepCall, { isLocal }: TemporalAttempt['info']): boolean =>
  step.effect === 'at-most-once' || step.reattaches === true || (isLocal && step.effect === 'at-least-once');
