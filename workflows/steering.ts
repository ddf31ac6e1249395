import { ApplicationFailure, CancellationScope, defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';
import { stepAt, waitingKeys } from '#jobs/apply-event.ts';
import { CANCEL_SIGNAL, type Cancel, PAUSE_SIGNAL, RESUME_SIGNAL, RETRY_STEP_UPDATE, type RetryStep, type Steering } from './messages.ts';
import type { OpenRun } from './open-run.ts';

const cancelRun = defineSignal<[Cancel]>(CANCEL_SIGNAL);
const pauseRun = defineSignal<[Steering]>(PAUSE_SIGNAL);
const resumeRun = defineSignal<[Steering]>(RESUME_SIGNAL);
const retryStep = defineUpdate<void, [RetryStep]>(RETRY_STEP_UPDATE);

/** Lets people steer the run: cancel, pause, resume, and retry a step that waits for them; an illegal retry is refused and leaves no trace in history. */
export function listenToPeople(run: OpenRun): void {
  setHandler(cancelRun, ({ at, ...by }) => {
    run.wish = by;
    run.cancelAskedAt = at ?? null;
  });
  setHandler(pauseRun, (by) => run.tell({ events: [{ type: 'paused' }], by }));
  setHandler(resumeRun, (by) => run.tell({ events: [{ type: 'resumed' }], by }));
  setHandler(retryStep, ({ key, ...by }) => run.tell({ events: [{ type: 'step_retried', key }], by }), {
    validator: ({ key }) => refuseRetry(run, key),
  });
  void CancellationScope.current().cancelRequested.catch(() => run.tell({ events: [{ type: 'cancel_requested', wish: run.wish }] }));
}

function refuseRetry(run: OpenRun, key: string): void {
  if (waitingKeys(run.state, key).length > 0) return;
  const status = stepAt(run.state, key)?.status ?? 'pending';
  throw ApplicationFailure.nonRetryable(
    `step ${key} is ${status}; only a step that waits for a person can be retried in place`,
    'illegal_move',
  );
}
