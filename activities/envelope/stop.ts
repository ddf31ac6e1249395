import { formatDuration } from '#jobs/duration.ts';
import { StepFailure, stepFailure } from '#jobs/failure.ts';
import { INTERRUPTED_BY, type Interruption } from '#workflows/step-failure.ts';
import type { TemporalAttempt } from './attempt.ts';
import type { Terms } from './terms.ts';

/** What ends a step from outside; the signal's reason is the failure to end with. */
export interface StopWatch {
  readonly signal: AbortSignal;
  /** Counts the time from so many milliseconds before now. */
  hasRunFor(ms: number): void;
  /** No longer listens. */
  end(): void;
}

/** How long the question may take whether a step whose time is over has more. */
const LAST_ASK_MS = 2000;

/** Aborts when the step's time is over, Temporal asks to cancel, or the worker shuts down. Before its time strikes, `ask` looks whether a person changed it. */
export function watchForStop(context: TemporalAttempt, terms: Terms, ask: () => Promise<void> = async () => undefined): StopWatch {
  const controller = new AbortController();
  let since = performance.now();
  let timer: NodeJS.Timeout;
  const isOver = () => performance.now() - since >= terms.timeoutMs;
  const strike = () => {
    const { timeoutMs } = terms;
    controller.abort(stepFailure('timeout', `the step ran longer than its ${formatDuration(timeoutMs)}`, { timeout_ms: timeoutMs }));
  };
  const onTime = async () => {
    await Promise.race([ask().catch(() => undefined), new Promise((resolve) => setTimeout(resolve, LAST_ASK_MS).unref())]);
    if (hasEnded) return;
    if (isOver()) strike();
    else arm();
  };
  const arm = () => {
    clearTimeout(timer);
    // Timers may ring a moment early.
    timer = setTimeout(() => void onTime(), Math.max(0, Math.ceil(since + terms.timeoutMs - performance.now()) + 1));
  };
  let hasEnded = false;
  arm();
  terms.onTimeout(() => {
    if (!hasEnded) arm();
  });
  terms.onReset(() => controller.abort(interrupted(RESET, 'reset')));
  const onCancel = () => controller.abort(stopReason(context));
  context.cancellationSignal.addEventListener('abort', onCancel, { once: true });
  if (context.cancellationSignal.aborted) onCancel();
  return {
    signal: controller.signal,
    hasRunFor: (ms) => {
      since = performance.now() - ms;
      arm();
    },
    end: () => {
      hasEnded = true;
      clearTimeout(timer);
      context.cancellationSignal.removeEventListener('abort', onCancel);
    },
  };
}

const RESET = 'the step was reset while it ran';

/** A step is cancelled only by who asked for it; one that Temporal gave up or holds back is lost, since another attempt may follow. */
function stopReason({ cancellationDetails, info }: TemporalAttempt): StepFailure {
  if (cancellationDetails?.cancelRequested) return stepFailure('cancelled', 'cancelled');
  if (cancellationDetails?.workerShutdown) return interrupted('the worker was shut down while the step ran', 'shutdown');
  if (cancellationDetails?.paused) return interrupted('the step was paused while it ran', 'pause');
  if (cancellationDetails?.reset) return interrupted(RESET, 'reset');
  // A local activity is told no reason.
  if (info.isLocal) return stepFailure('cancelled', 'cancelled');
  return interrupted('Temporal took the step from this worker while it ran', 'temporal');
}

const interrupted = (message: string, by: Interruption): StepFailure => stepFailure('lost', message, { [INTERRUPTED_BY]: by });

/** Time a step has to stop by itself once asked to. */
const STOPPING_MS = 9000;

/** The promise's own outcome, or the signal's reason if the promise does not settle soon after the signal. */
export function settledSoonAfter<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const onAbort = () => {
      timer = setTimeout(() => reject(signal.reason), STOPPING_MS);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    promise.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    });
  });
}

/** The failure a step ended with: what stopped it if it was stopped, unless the step says more about that, or does not know its outcome. */
export function failureOf(thrown: unknown, signal: AbortSignal): StepFailure {
  const failure =
    thrown instanceof StepFailure
      ? thrown
      : stepFailure('internal', `unexpected: ${thrown instanceof Error ? thrown.message : String(thrown)}`, undefined, thrown);
  if (!signal.aborted || !(signal.reason instanceof StepFailure)) return failure;
  return failure.type === signal.reason.type || failure.type === 'lost' ? failure : signal.reason;
}
