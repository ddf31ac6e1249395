import { ApplicationFailure, CancelledFailure, type Context } from '@temporalio/activity';
import { type StepError, StepFailure, stepFailure } from '#jobs/failure.ts';
import type { JsonObject } from '#jobs/json.ts';
import type { StepSpec } from '#jobs/step.ts';
import { validateConfig } from '#jobs/validate-config.ts';
import type { StepCall, StepReport } from '#workflows/messages.ts';
import type { StepContext } from '../contract.ts';
import { isRetried, LOST, openAttempt } from './attempts.ts';
import { Heartbeat } from './heartbeat.ts';
import { type AttemptHistory, historyBefore } from './history.ts';
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

/** One attempt, with everything that surrounds what the step itself does. */
export async function attemptStep(worker: WorkerParts, step: Step, call: StepCall, context: TemporalAttempt): Promise<StepReport> {
  const attempt = call.attemptsBefore + context.info.attempt;
  const heartbeat = new Heartbeat(context);
  const stop = watchForStop(context, Math.min(call.step.timeoutMs, worker.config.worker.timeout_seconds * 1000));
  const told = { call, attempt, worker, failed: (error: StepError, again: boolean) => failed(error, again, context.info.attempt) };
  try {
    const history = await begin(told, stop.signal);
    return await execute(told, step, history, heartbeat, stop.signal);
  } finally {
    stop.end();
    heartbeat.end();
  }
}

/** One attempt's identity, and how its failure is told to Temporal. */
interface Telling {
  readonly call: StepCall;
  readonly attempt: number;
  readonly worker: WorkerParts;
  failed(error: StepError, again: boolean): Error;
}

/** Looks at what came before, closes what a dead worker left, and shows this attempt as started. Throws when it must not execute. */
async function begin(told: Telling, signal: AbortSignal): Promise<AttemptHistory> {
  const { call, attempt, worker } = told;
  try {
    const history = await historyBefore(worker.database.sql, call, attempt, signal);
    const opening = openAttempt(history.earlier, call.step.retry);
    if (opening.lostAttempt !== null) {
      const again = opening.do === 'execute';
      const lost = failedEvent(call, opening.lostAttempt, LOST, { retrying: again });
      if (opening.do === 'end') {
        await settledSoonAfter(signal, worker.recorder.commit(lost));
        throw told.failed(opening.error, false);
      }
      await worker.recorder.add(lost);
    }
    const started = startedEvent(call, attempt, worker.workerId, history.firstLine);
    // What must not happen twice leaves its mark before it happens, so that no crash can hide it.
    if (call.step.effect === 'at-most-once') await settledSoonAfter(signal, worker.recorder.commit(started));
    else await worker.recorder.add(started);
    return history;
  } catch (error) {
    if (!signal.aborted || !(signal.reason instanceof StepFailure)) throw error;
    if (signal.reason.type === 'cancelled') throw new CancelledFailure('cancelled before it started');
    throw ApplicationFailure.retryable('the step could not start: the database did not answer', 'internal');
  }
}

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
    return { outputs };
  } catch (thrown) {
    const failure = failureOf(thrown, signal);
    const error: StepError = masker.json({
      type: failure.type,
      message: failure.message,
      ...(failure.details && { details: failure.details }),
    });
    if (failure.type === 'internal') worker.log.error({ err: thrown, run: call.run, key: call.key }, 'a step failed unexpectedly');
    const again = isRetried(error.type, history.earlier.executions + 1, call.step.retry);
    const { recorder, logs } = worker;
    await withinFlushTime(async () => {
      log.endOutput();
      await log.line('error', again ? `${error.message} (will be tried again)` : error.message);
      log.close();
      await Promise.all([recorder.commit(failedEvent(call, attempt, error, { retrying: again, ...log.tail() })), logs.flush()]);
    });
    throw told.failed(error, again);
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

/** How long a failure waits to be written before it is told; without the row the next attempt takes this one for lost. */
const FLUSH_MS = 20_000;

async function withinFlushTime(write: () => Promise<void>): Promise<void> {
  await Promise.race([write().catch(() => undefined), new Promise((resolve) => setTimeout(resolve, FLUSH_MS).unref())]);
}

/** The failure as Temporal hears it: its identity, whether it is worth another attempt, and how many attempts this call made. */
function failed(error: StepError, again: boolean, attempts: number): Error {
  if (error.type === 'cancelled') return new CancelledFailure(error.message, [error, attempts]);
  return ApplicationFailure.create({ message: error.message, type: error.type, nonRetryable: !again, details: [error, attempts] });
}
