import type { Context } from '@temporalio/activity';
import { type StepError, stepFailure } from '#jobs/failure.ts';
import type { JsonObject } from '#jobs/json.ts';
import type { StepSpec } from '#jobs/step.ts';
import { outputsOf } from '#jobs/step-outputs.ts';
import { validateConfig } from '#jobs/validate-config.ts';
import type { StepCall, StepReport } from '#workflows/messages.ts';
import type { Reap, StepContext } from '../contract.ts';
import { isPause, type Sequel, sequelOf } from './attempts.ts';
import { type Begun, beginAttempt, type ReadRows } from './begin.ts';
import { Heartbeat } from './heartbeat.ts';
import { readAttempts } from './history.ts';
import { LogWriter } from './log-writer.ts';
import { createMasker, type Masker } from './mask.ts';
import { Progress } from './progress.ts';
import { resourcesOf, type StepResources } from './resources.ts';
import { completedEvent, failedEvent } from './step-events.ts';
import { commandRow, type RowPlace, transferRow } from './step-rows.ts';
import { failureOf, type StopWatch, settledSoonAfter, watchForStop } from './stop.ts';
import { temporalFailure } from './temporal-failure.ts';
import { Terms } from './terms.ts';
import type { WorkerParts } from './worker-parts.ts';

/** A step type as the envelope carries it out. */
export interface Step {
  readonly spec: StepSpec;
  run(config: never, step: StepContext): Promise<object>;
  /** For a type whose work outlives its worker. */
  readonly reap?: Reap;
}

/** What Temporal tells and hears of an attempt. */
export type TemporalAttempt = Pick<Context, 'cancellationDetails' | 'cancellationSignal' | 'heartbeat'> & {
  readonly info: Pick<Context['info'], 'attempt' | 'heartbeatDetails' | 'isLocal'> &
    Partial<Pick<Context['info'], 'scheduledTimestampMs' | 'currentAttemptScheduledTimestampMs'>>;
};

/** One attempt, with everything that surrounds what the step itself does. Whoever knows the step's rows before its first attempt says so. */
export async function attemptStep(
  worker: WorkerParts,
  step: Step,
  call: StepCall,
  context: TemporalAttempt,
  readRows: ReadRows = ({ run, key }, signal) => readAttempts(worker.database.sql, run, [key], signal),
): Promise<StepReport> {
  const heartbeat = new Heartbeat(context);
  const terms = new Terms(call, worker.config.worker.timeout_seconds * 1000);
  const { overrides } = worker;
  const ask = async () => {
    const override = await overrides.read(call);
    if (override !== null) terms.take(override);
  };
  // Rows of inline steps are over soon.
  const stop = watchForStop(context, terms, context.info.isLocal ? undefined : ask);
  const unwatch = context.info.isLocal ? () => undefined : overrides.watch(call, terms);
  try {
    const begun = await beginAttempt(worker, terms, context.info, readRows, stop.signal);
    if ('outputs' in begun) return begun;
    return await execute({ call, terms, worker, ...begun }, step, heartbeat, stop);
  } finally {
    unwatch();
    stop.end();
    heartbeat.end();
  }
}

interface Telling extends Begun {
  readonly call: StepCall;
  readonly terms: Terms;
  readonly worker: WorkerParts;
}

async function execute(told: Telling, step: Step, heartbeat: Heartbeat, stop: StopWatch): Promise<StepReport> {
  const { call, attempt, worker } = told;
  const { signal } = stop;
  const place = { run: call.run, key: call.key, attempt, ...told.logSoFar, fenced: call.step.reattaches ?? false };
  let masker: Masker = createMasker([]);
  let log = new LogWriter(place, masker, worker.logs);
  const progress = new Progress((percent, message) => {
    void worker.recorder.add({ kind: 'progress', run: call.run, key: call.key, attempt, percent, message });
  });
  try {
    const [problem] = validateConfig(step.spec, call.config);
    if (problem !== undefined) throw stepFailure('invalid_input', problem.message, { pointer: problem.pointer });
    const resources = await resourcesOf(worker, step.spec, call, signal);
    masker = createMasker(resources.toMask);
    log = new LogWriter(place, masker, worker.logs);

    const context = contextOf(told, resources, masker, log, progress, heartbeat, stop);
    const raw = await settledSoonAfter(signal, step.run(call.config as never, context));
    log.endOutput();
    const result = masker.json(raw) as JsonObject;
    const part = { ...(call.target !== null && { target: call.target }), ...call.part };
    const outputs = outputsOf(call.step.outputs, result, call.outputBytes, part);
    log.close();
    // What it printed cannot be had again once its host forgets it.
    if (call.step.reattaches) await settledSoonAfter(signal, Promise.all([log.settled(), worker.rows.written()])).catch(() => undefined);
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
    const sequel = sequelOf(error, { executions: told.executions, reattached: told.execution.reattached }, told.terms.call.step);
    const retrying = sequel.follows !== 'nothing';
    const { recorder, logs, rows } = worker;
    await withinFlushTime(async () => {
      // A line that would be cut here comes whole when its output is taken up again.
      const tails = sequel.leavesWork ? {} : log.tail();
      const isCalm = error.type === 'cancelled' || sequel.follows === 'reattachment';
      await log.line(isCalm ? 'warn' : 'error', `${error.message}${ANNOUNCED[sequel.follows]}`);
      log.close();
      await Promise.all([
        recorder.commit(failedEvent(call, attempt, error, { retrying, isPaused: isPause(error), ...tails })),
        logs.flush(),
        rows.written(),
      ]);
    });
    throw temporalFailure(call, attempt, error, sequel);
  } finally {
    progress.end();
  }
}

const ANNOUNCED = {
  nothing: '',
  execution: ' (will be tried again)',
  reattachment: ' (will be taken up again)',
} as const satisfies Record<Sequel['follows'], string>;

function contextOf(
  { call, terms, attempt, execution, executions, worker }: Telling,
  resources: StepResources,
  masker: Masker,
  log: LogWriter,
  progress: Progress,
  heartbeat: Heartbeat,
  { signal, hasRunFor }: StopWatch,
): StepContext {
  const { local_exec, http_allow, file_roots } = worker.config.worker;
  const place: RowPlace = { run: call.run, key: call.key, attempt: execution.number, target: call.target };
  return {
    run: call.run,
    key: call.key,
    attempt,
    round: call.attemptsBefore,
    execution,
    signal,
    get timeoutMs() {
      return terms.timeoutMs;
    },
    onTimeout: (tell) => {
      terms.onTimeout(tell);
      if (terms.isRetimed) tell();
    },
    log,
    permits: { local_exec, http_allow, file_roots },
    secrets: resources.secrets,
    checkpoint: (state) => {
      heartbeat.checkpoint = state;
    },
    resumeFrom: () => heartbeat.checkpoint,
    progress: (percent, message) => progress.report(percent, message === undefined ? undefined : masker.text(message)),
    hasRunFor,
    masked: (text) => masker.text(text),
    isFollowed: (type) =>
      sequelOf({ type, message: '' }, { executions, reattached: execution.reattached }, terms.call.step).follows !== 'nothing',
    target: resources.target,
    ssh: (target) => resources.ssh(target, (waits) => void log.line('info', waits)),
    command: (result) => void worker.rows.add(commandRow(place, masker, result)),
    transfer: (transfer) => void worker.rows.add(transferRow(place, masker, transfer)),
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
