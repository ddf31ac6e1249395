import { ApplicationFailure, CancelledFailure, type Context } from '@temporalio/activity';
import type { RecordedAttempt } from '#db/queries/recorded-attempts.ts';
import { type StepError, StepFailure, stepFailure } from '#jobs/failure.ts';
import type { JsonObject } from '#jobs/json.ts';
import type { StepSpec } from '#jobs/step.ts';
import { validateConfig } from '#jobs/validate-config.ts';
import type { StepCall, StepReport } from '#workflows/messages.ts';
import type { StepContext } from '../contract.ts';
import { isRetried, LOST, openAttempt } from './attempts.ts';
import { Heartbeat } from './heartbeat.ts';
import { type AttemptHistory, historyOf, readAttempts } from './history.ts';
import { LogWriter } from './log-writer.ts';
import { createMasker, type Masker } from './mask.ts';
import { outputsOf } from './outputs.ts';
import { Progress } from './progress.ts';
import { resourcesOf, type StepResources } from './resources.ts';
import { completedEvent, failedEvent, startedEvent } from './step-events.ts';
import { failureOf, settledSoonAfter, watchForStop } from './stop.ts';
import type { WorkerParts } from './worker-parts.ts';

/** A step type as the envelope carries it out. */
export interface Step {
  readonly spec: StepSpec;
  run(config: never, step: StepContext): Promise<object>;
}

/** What Temporal tells and hears of an attempt. */
export type TemporalAttempt = Pick<Context, 'cancellationDetails' | 'cancellationSignal' | 'heartbeat'> & {
  readonly info: Pick<Context['info'], 'attempt' | 'heartbeatDetails' | 'isLocal'>;
};

/** Reads what is recorded of a step's attempts. */
export type ReadRows = (call: StepCall, signal: AbortSignal) => Promise<readonly RecordedAttempt[]>;

/** One attempt, with everything that surrounds what the step itself does. Whoever knows the step's rows before its first attempt says so. */
export async function attemptStep(
  worker: WorkerParts,
  step: Step,
  call: StepCall,
  context: TemporalAttempt,
  readRows: ReadRows = ({ run, key }, signal) => readAttempts(worker.database.sql, run, [key], signal),
): Promise<StepReport> {
  const heartbeat = new Heartbeat(context);
  const stop = watchForStop(context, Math.min(call.step.timeoutMs, worker.config.worker.timeout_seconds * 1000));
  try {
    const begun = await begin(worker, call, context, readRows, stop.signal);
    if ('outputs' in begun) return begun;
    return await execute({ call, worker, attempt: begun.attempt }, step, begun, heartbeat, stop.signal);
  } finally {
    stop.end();
    heartbeat.end();
  }
}

/** One attempt's identity. */
interface Telling {
  readonly call: StepCall;
  readonly attempt: number;
  readonly worker: WorkerParts;
}

/** Looks at what came before, closes what a dead worker left, and shows this attempt as started; or reports what was done already. Throws when it must not execute. */
async function begin(
  worker: WorkerParts,
  call: StepCall,
  { info }: TemporalAttempt,
  readRows: ReadRows,
  signal: AbortSignal,
): Promise<AttemptHistory | StepReport> {
  try {
    // The first attempt that Temporal counts has nothing before it.
    const isFirst = call.attemptsBefore + info.attempt === 1 && !info.isLocal;
    const history = historyOf(call, info.attempt, info.isLocal, isFirst ? [] : await readRows(call, signal));
    const opening = openAttempt(history.earlier, call.step.retry);
    if (opening.do === 'answer') return { outputs: opening.outputs, attempt: opening.attempt };
    if (opening.do === 'end') {
      const { error, attempt, lostAttempt } = opening;
      if (lostAttempt !== null)
        await settledSoonAfter(signal, worker.recorder.commit(failedEvent(call, lostAttempt, error, { retrying: false })));
      throw failed(call, attempt, error, false);
    }
    if (opening.lostAttempt !== null) await worker.recorder.add(failedEvent(call, opening.lostAttempt, LOST, { retrying: true }));
    const started = startedEvent(call, history.attempt, worker.workerId, history.firstLine);
    if (leavesMark(call, info)) await settledSoonAfter(signal, worker.recorder.commit(started));
    else await worker.recorder.add(started);
    return history;
  } catch (error) {
    if (!signal.aborted || !(signal.reason instanceof StepFailure)) throw error;
    if (signal.reason.type === 'cancelled') throw new CancelledFailure('cancelled before it started');
    throw ApplicationFailure.retryable('the step could not start: the database did not answer', 'internal');
  }
}

/** What must not happen twice leaves its mark before it happens, so that no crash can hide it; so does what must not be repeated unseen where Temporal does not count. */
const leavesMark = ({ step }: StepCall, { isLocal }: TemporalAttempt['info']): boolean =>
  step.effect === 'at-most-once' || (isLocal && step.effect === 'at-least-once');

async function execute(told: Telling, step: Step, history: AttemptHistory, heartbeat: Heartbeat, signal: AbortSignal): Promise<StepReport> {
  const { call, attempt, worker } = told;
  let masker: Masker = createMasker([]);
  let log = new LogWriter({ run: call.run, key: call.key, attempt, firstLine: history.firstLine }, masker, worker.logs);
  const progress = new Progress((percent, message) => {
    void worker.recorder.add({ kind: 'progress', run: call.run, key: call.key, attempt, percent, message });
  });
  try {
    const [problem] = validateConfig(step.spec, call.config);
    if (problem !== undefined) throw stepFailure('invalid_input', problem.message, { pointer: problem.pointer });
    const resources = await resourcesOf(worker, step.spec, call, signal);
    masker = createMasker(resources.toMask);
    log = new LogWriter({ run: call.run, key: call.key, attempt, firstLine: history.firstLine }, masker, worker.logs);

    const context = contextOf(told, resources, masker, log, progress, heartbeat, signal);
    const raw = await settledSoonAfter(signal, step.run(call.config as never, context));
    log.endOutput();
    const result = masker.json(raw) as JsonObject;
    const outputs = outputsOf(call.step.outputs, result);
    log.close();
    await worker.recorder.add(completedEvent(call, attempt, outputs, result));
    return { outputs, attempt };
  } catch (thrown) {
    const failure = failureOf(thrown, signal);
    const error: StepError = masker.json({
      type: failure.type,
      message: failure.message,
      ...(failure.details && { details: failure.details }),
    });
    if (failure.type === 'internal')
      worker.log.error({ error: masker.json(shownError(thrown)), run: call.run, key: call.key }, 'a step failed unexpectedly');
    const again = isRetried(error.type, history.earlier.executions + 1, call.step.retry);
    const { recorder, logs } = worker;
    await withinFlushTime(async () => {
      log.endOutput();
      await log.line(error.type === 'cancelled' ? 'warn' : 'error', again ? `${error.message} (will be tried again)` : error.message);
      log.close();
      await Promise.all([recorder.commit(failedEvent(call, attempt, error, { retrying: again, ...log.tail() })), logs.flush()]);
    });
    throw failed(call, attempt, error, again);
  } finally {
    progress.end();
  }
}

function contextOf(
  { call, attempt, worker }: Telling,
  resources: StepResources,
  masker: Masker,
  log: LogWriter,
  progress: Progress,
  heartbeat: Heartbeat,
  signal: AbortSignal,
): StepContext {
  const { local_exec, http_allow } = worker.config.worker;
  return {
    run: call.run,
    key: call.key,
    attempt,
    signal,
    timeoutMs: call.step.timeoutMs,
    log,
    permits: { local_exec, http_allow },
    secrets: resources.secrets,
    checkpoint: (state) => {
      heartbeat.checkpoint = state;
    },
    resumeFrom: () => heartbeat.checkpoint,
    progress: (percent, message) => progress.report(percent, message === undefined ? undefined : masker.text(message)),
    ssh: () => resources.ssh(),
  };
}

/** What the worker's own log says of an unexpected error; masked by the caller, since a library may quote what it was given. */
const shownError = (thrown: unknown): JsonObject =>
  thrown instanceof Error ? { type: thrown.name, message: thrown.message, stack: thrown.stack ?? '' } : { message: String(thrown) };

/** How long a failure waits to be written before it is told; without the row the next attempt takes this one for lost. */
const FLUSH_MS = 20_000;

async function withinFlushTime(write: () => Promise<void>): Promise<void> {
  await Promise.race([write().catch(() => undefined), new Promise((resolve) => setTimeout(resolve, FLUSH_MS).unref())]);
}

/** The failure as Temporal hears it: its identity, whether it is worth another attempt, and how many attempts this call made. */
function failed(call: StepCall, attempt: number, error: StepError, again: boolean): Error {
  const details = [error, attempt - call.attemptsBefore];
  if (error.type === 'cancelled') return new CancelledFailure(error.message, details);
  return ApplicationFailure.create({ message: error.message, type: error.type, nonRetryable: !again, details });
}
