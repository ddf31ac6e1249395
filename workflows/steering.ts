import { ApplicationFailure, CancellationScope, defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';
import { cancelEvents, refuseCancel, refuseRetry, refuseSkip, skipEvents } from '#jobs/step-moves.ts';
import {
  CANCEL_SIGNAL,
  CANCEL_STEP_UPDATE,
  type Cancel,
  type CancelStep,
  PAUSE_SIGNAL,
  RESUME_SIGNAL,
  RETRY_STEP_UPDATE,
  type RetryStep,
  SKIP_STEP_UPDATE,
  type SkipStep,
  STEERED_ELSEWHERE,
  type Steering,
} from './messages.ts';
import type { OpenRun } from './open-run.ts';
import { workflowOfPart } from './slices.ts';
import { askWhyCancelled, isOfSchedule } from './why-cancelled.ts';

const cancelRun = defineSignal<[Cancel]>(CANCEL_SIGNAL);
const pauseRun = defineSignal<[Steering]>(PAUSE_SIGNAL);
const resumeRun = defineSignal<[Steering]>(RESUME_SIGNAL);
const retryStep = defineUpdate<void, [RetryStep]>(RETRY_STEP_UPDATE);
const skipStep = defineUpdate<void, [SkipStep]>(SKIP_STEP_UPDATE);
const cancelStep = defineUpdate<void, [CancelStep]>(CANCEL_STEP_UPDATE);

/** Lets people steer the run as a whole (cancel, pause, resume) and its steps (retry, skip, cancel); an illegal move is refused and leaves no trace in history. */
export function listenToPeople(run: OpenRun): void {
  setHandler(cancelRun, ({ at, force, ...by }) => {
    run.wish = by;
    run.cancelAskedAt = at ?? null;
    if (force) run.tell({ events: [{ type: 'cancel_forced' }], by });
  });
  setHandler(pauseRun, (by) => run.tell({ events: [{ type: 'paused' }], by }));
  setHandler(resumeRun, (by) => run.tell({ events: [{ type: 'resumed' }], by }));
  listenForSteps(run);
  const cancel = () => run.tell({ events: [{ type: 'cancel_requested', wish: run.wish }] });
  void CancellationScope.current().cancelRequested.catch(() => (isOfSchedule(run) ? askWhyCancelled(run).then(cancel) : cancel()));
}

function listenForSteps(run: OpenRun): void {
  const { plan } = run.input;
  setHandler(
    retryStep,
    ({ key, config, ...by }) => run.tell({ events: [{ type: 'step_retried', key, ...(config && { config, editor: by.actor }) }], by }),
    {
      validator: ({ key }) => refuse(run, key, refuseRetry(run.state, key)),
    },
  );
  setHandler(skipStep, ({ key, outputs, ...by }) => run.tell({ events: (state) => skipEvents(state, key, outputs), by }), {
    validator: ({ key }) => refuse(run, key, refuseSkip(plan, run.state, key)),
  });
  setHandler(
    cancelStep,
    ({ key, ...by }) => {
      const why = `cancelled by ${by.actor}${by.reason === null ? '' : `: ${by.reason}`}`;
      run.tell({ events: (state) => cancelEvents(plan, state, key, why), by, cancels: { key, why } });
    },
    { validator: ({ key }) => refuse(run, key, refuseCancel(run.state, key) ?? refuseUnready(run, key)) },
  );
}

/** What is looked up for a step, or done for several at once, cannot be ended alone, and does not take long. */
const refuseUnready = (run: OpenRun, key: string): string | null =>
  run.scopes.keysOf(key).length > 0 || cancelEvents(run.input.plan, run.state, key, '').length > 0
    ? null
    : `step ${key} is running, but in no way that can be ended alone; try again in a moment`;

/** A part that a workflow of its own carries out is steered there, which alone knows how it stands. */
function refuse(run: OpenRun, key: string, why: string | null): void {
  const elsewhere = workflowOfPart(run, key);
  if (elsewhere !== null) throw ApplicationFailure.nonRetryable(`step ${key} is carried out elsewhere`, STEERED_ELSEWHERE, elsewhere);
  if (why !== null) throw ApplicationFailure.nonRetryable(why, 'illegal_move');
}
