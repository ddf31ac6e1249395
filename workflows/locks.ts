import { defineSignal, proxyLocalActivities, setHandler, workflowInfo } from '@temporalio/workflow';
import { attemptsBefore, type RunState, stepAt } from '#jobs/apply-event.ts';
import type { StepError } from '#jobs/failure.ts';
import type { LockAnswer } from '#jobs/lock-state.ts';
import type { LockDecision } from '#jobs/next-locks.ts';
import { wholeOf } from '#jobs/parts.ts';
import { allSteps, type Plan, type PlannedStep } from '#jobs/plan.ts';
import type { RunEvent } from '#jobs/run-event.ts';
import { failureOf } from './carry-out.ts';
import { type FreeCall, LOCK_SIGNAL, type LockCall, type LockGranted } from './messages.ts';
import type { OpenRun } from './open-run.ts';
import { stepErrorOf } from './step-failure.ts';

interface LockBook {
  acquireLocks(call: LockCall): Promise<LockAnswer>;
  releaseLocks(call: FreeCall): Promise<void>;
}

const { acquireLocks, releaseLocks } = proxyLocalActivities<LockBook>({
  startToCloseTimeout: '30s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
});

/** Those at the head of a line look after it, in case word that they are next was lost; those behind need not so often, and thousands that did would hold it up. */
const RECHECK_MS = 30_000;
const LONGEST_RECHECK_MS = 3_600_000;
/** Beyond so many events something else in flight keeps the run from continuing as new, and it must not fill its history by asking. */
const CROWDED_EVENTS = 8_000;
const recheckMs = (position: number): number =>
  workflowInfo().historyLength > CROWDED_EVENTS ? LONGEST_RECHECK_MS : Math.min(LONGEST_RECHECK_MS, RECHECK_MS + (position - 1) * 1_000);

const lockGranted = defineSignal<[LockGranted]>(LOCK_SIGNAL);

/** Hears when a key may have been granted that the run waits for; what is true is asked. */
export function listenForLocks(run: OpenRun): void {
  setHandler(lockGranted, ({ owner }) => run.tell({ events: [{ type: 'lock', owner, now: 'woken' }] }));
}

/** Does what is decided about keys; answers with the key of a step that moved on by it. */
export function carryOutLock(run: OpenRun, decision: LockDecision): string | null {
  switch (decision.do) {
    case 'lock':
      ask(run, decision);
      return null;
    case 'unlock':
      free(run, decision.owner);
      return null;
    case 'admit':
      run.apply({ type: 'lock', owner: decision.owner, now: 'admitted' });
      return decision.owner;
  }
}

/** Asks for what a step, or the run itself, needs, and tells the run what came of it; that it is asked is not cancelled, so that nothing is held unknown. */
function ask(run: OpenRun, { owner, wishes }: Extract<LockDecision, { do: 'lock' }>): void {
  const { run: id, project, plan } = run.input;
  const step = stepOf(plan, owner);
  run.apply({ type: 'lock', owner, now: 'asked', wishes });
  run.inFlight.add(owner);
  const call: LockCall = {
    run: id,
    project,
    owner,
    workflowId: workflowInfo().workflowId,
    priority: step?.priority ?? null,
    wishes,
  };
  run.shielded
    .run(() => acquireLocks(call))
    .then(
      (answer) => {
        const events = (state: RunState) => eventsOf(state, owner, step, answer, wishes.rate?.resource ?? '');
        if (answer.outcome === 'granted' && answer.until === null) tellQuietly(run, owner, events);
        else run.tell({ ended: owner, isUntold: true, events });
      },
      (error: unknown) =>
        run.tell({ ended: owner, isUntold: true, events: (state) => refusal(state, owner, step, 'failed', stepErrorOf(error)) }),
    );
}

const stepOf = (plan: Plan, owner: string): PlannedStep | null =>
  owner === '' ? null : (allSteps(plan).find(({ id }) => id === (wholeOf(owner) ?? owner)) ?? null);

function eventsOf(state: RunState, owner: string, step: PlannedStep | null, answer: LockAnswer, resource: string): readonly RunEvent[] {
  switch (answer.outcome) {
    case 'granted':
      return [{ type: 'lock', owner, now: 'granted', until: answer.until, resource }];
    case 'queued': {
      const { key, position, heldBy } = answer;
      const hold = { kind: 'lock', key, position, heldBy, askAt: Date.now() + recheckMs(position) } as const;
      return [{ type: 'lock', owner, now: 'queued', hold }];
    }
    case 'skip':
      if (step === null) return refusal(state, owner, step, 'cancelled', { type: 'cancelled', message: answer.message });
      return [
        { type: 'lock', owner, now: 'gone' },
        ...(isInLine(state, owner) ? [{ type: 'step_skipped', key: owner, reason: 'lock_taken' } as const] : []),
      ];
    case 'cancel':
      return refusal(state, owner, step, 'cancelled', { type: 'cancelled', message: answer.message });
    case 'fail':
      return refusal(state, owner, step, 'failed', { type: 'policy', message: answer.message });
  }
}

/** A run that is refused ends so; a step fails, unless it was ended meanwhile. */
function refusal(
  state: RunState,
  owner: string,
  step: PlannedStep | null,
  end: 'cancelled' | 'failed',
  error: StepError,
): readonly RunEvent[] {
  if (step === null) return [{ type: 'lock', owner, now: 'refused', end, message: error.message }];
  const failed = isInLine(state, owner) ? [failureOf(step, owner, error, attemptsBefore(state, owner))] : [];
  return [{ type: 'lock', owner, now: 'gone' }, ...failed];
}

function isInLine(state: RunState, owner: string): boolean {
  const own = stepAt(state, owner);
  return own?.status === 'held' && own.hold.kind === 'lock';
}

function free(run: OpenRun, owner: string): void {
  run.apply({ type: 'lock', owner, now: 'freeing' });
  const inFlight = `${owner} frees`;
  run.inFlight.add(inFlight);
  const gone = () => tellQuietly(run, inFlight, () => [{ type: 'lock', owner, now: 'gone' }]);
  run.shielded.run(() => releaseLocks({ run: run.input.run, owner })).then(gone, gone);
}

/** News of which no row has anything to say: what follows from it does. */
function tellQuietly(run: OpenRun, inFlight: string, events: (state: RunState) => readonly RunEvent[]): void {
  run.tell({ events, landed: inFlight });
}
