import { type SignalDefinition, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  defineSignal,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  proxyLocalActivities,
  setHandler,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { OneState, PartState, RunState, StepState } from '#jobs/apply-event.ts';
import { namesBehind } from '#jobs/expression-scopes.ts';
import { sizeOfGroup } from '#jobs/items/part-policy.ts';
import { type Slice, sliceOfPart, tallyOfSlices } from '#jobs/items/slices.ts';
import { bytesAsJson } from '#jobs/json.ts';
import { LIMITS } from '#jobs/limits.ts';
import type { Decision } from '#jobs/next-steps.ts';
import { partKey, partOf } from '#jobs/parts.ts';
import type { Plan, PlannedStep } from '#jobs/plan.ts';
import type { RunEvent } from '#jobs/run-event.ts';
import { failureOf } from './carry-out.ts';
import {
  RUN_QUEUE,
  type RunInput,
  SLICE_TOLD_SIGNAL,
  SLICE_WORKFLOW,
  type SliceReport,
  STEER_SLICE_SIGNAL,
  type SteerSlice,
  sliceWorkflowId,
} from './messages.ts';
import type { Carried, News, OpenRun } from './open-run.ts';
import { reapLaggards } from './reaping.ts';

const sliceTold = defineSignal<[SliceReport]>(SLICE_TOLD_SIGNAL);
const steerSlice = defineSignal<[SteerSlice]>(STEER_SLICE_SIGNAL);

const { isSliceAlive } = proxyLocalActivities<{ isSliceAlive(workflowId: string): Promise<boolean> }>({
  startToCloseTimeout: '20s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
});

/** Between two looks whether the workflows of slices live that have not told their end, at first and at most. */
const FIRST_LOOK_MS = 60_000;
const LAST_LOOK_MS = 600_000;

/** In bytes, of which Temporal takes 2 MB at a time: what a slice begins with, and what its parts hand on at its end. */
const MOST_BEGUN_WITH = 1_800_000;
const MOST_TOLD = 1_500_000;

/** Begins the workflow of a slice. It is addressed by its id and tells by signal, so that it outlives a history of its run's. */
export function startSlice(run: OpenRun, { step, slice: number, maxParallel }: Extract<Decision, { do: 'slice' }>): void {
  const own = run.state.steps[step.id];
  const slice = own?.slices?.[number];
  if (!own || !slice) return;
  const workflowId = sliceWorkflowId(run.input.run, step.id, number);
  const input = inputOf(run.input, step, number, own, maxParallel);
  const carried = carriedTo(run, step, slice, own);
  const bytes = bytesAsJson([input, carried]);
  if (bytes > MOST_BEGUN_WITH) {
    const message = `what its items and the steps they read from come to has ${bytes} bytes; at most ${MOST_BEGUN_WITH} can be handed on`;
    run.tell({
      events: [failureOf({ ...step, onError: 'fail' }, step.id, { type: 'invalid_input', message }, 0)],
      ended: step.id,
      isUntold: true,
    });
    return;
  }
  run.apply({ type: 'slice_started', key: step.id, slice: number });
  const starting = `${workflowId} starts`;
  run.inFlight.add(starting);
  const told = (events: readonly RunEvent[]) => run.tell({ events, ended: starting });
  run.shielded
    .run(() =>
      startChild(SLICE_WORKFLOW, {
        workflowId,
        taskQueue: RUN_QUEUE,
        args: [input, carried],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        priority: { priorityKey: run.input.plan.priority },
        staticSummary: `${run.input.plan.job}: ${step.name}`,
      }),
    )
    .then(
      () => {
        told([]);
        // What happened while it was on its way.
        const events = wishesOf(run);
        if (events.length > 0) steer(run, workflowId, { events, at: run.cancelAskedAt });
      },
      // One that is there already tells by itself how far it is.
      (error: unknown) => told(error instanceof WorkflowExecutionAlreadyStartedError ? [] : lostSlice(run.state, step.id, number)),
    );
}

/** What a slice begins with knows of no wish that came after it was asked for. What a run calls for before it ends badly is stopped by force alone. */
function wishesOf({ state: { cancel, timedOut, paused, ending, forced }, wish }: Pick<OpenRun, 'state' | 'wish'>): readonly RunEvent[] {
  if (ending) return forced ? [{ type: 'cancel_requested', wish }] : [];
  return [
    ...(paused ? [{ type: 'paused' } as const] : []),
    ...(cancel ? [{ type: 'cancel_requested', wish: cancel } as const] : []),
    ...(timedOut ? [{ type: 'timed_out' } as const] : []),
  ];
}

function inputOf(input: RunInput, step: PlannedStep, slice: number, own: StepState, maxParallel: number): RunInput {
  const { resume: _, onlyTargets: _only, scheduledFor: _at, parent: _parent, subJobs: _jobs, ...rest } = input;
  const slices = own.slices?.length ?? 1;
  return {
    ...rest,
    plan: planOfSlice(input.plan, step, own.parts?.length ?? 0, maxParallel),
    slice: {
      parent: workflowInfo().workflowId,
      key: step.id,
      slice,
      outputBytes: Math.min(MOST_TOLD, Math.floor(LIMITS.partsOutputBytes / slices)),
    },
  };
}

/** The step alone, of which nothing is left to decide but how its parts go on. */
function planOfSlice(plan: Plan, step: PlannedStep, total: number, maxParallel: number): Plan {
  const { elseOf: _, when: _when, ...bare } = step;
  const batch = step.batch && { size: { count: sizeOfGroup(step.batch.size, total) }, pauseMs: step.batch.pauseMs };
  const only: PlannedStep = { ...bare, needs: [], if: null, maxParallel, ...(batch && { batch }) };
  return { job: plan.job, timeoutMs: null, timezone: plan.timezone, priority: plan.priority, steps: [only], outputs: {} };
}

/** The state that a slice begins with: its parts, and of the other steps those that the step reads. */
function carriedTo(
  { input: { plan }, state: { facts, steps, paused, edits, ending } }: OpenRun,
  step: PlannedStep,
  slice: Slice,
  own: StepState,
): Carried {
  const { parts = [] } = own;
  const { offset } = slice;
  const text = JSON.stringify([step.config, step.target]);
  const named = new Set(namesBehind('steps', text.replaceAll('\\"', '"')));
  const readsAll = text.split(/\bsteps\b/).length - 1 > namesBehind('steps', text.replaceAll('\\"', '"')).length;
  const isRead = (id: string): boolean => id !== step.id && (readsAll || named.has(id));
  const others = Object.entries(steps).filter(([id]) => isRead(id));
  const pending = plan.steps.flatMap(({ id }) => (steps[id] === undefined && isRead(id) ? [id] : []));
  const before = tallyOfSlices(own.slices ?? [], parts.length);
  const began: StepState = {
    status: 'running',
    attempts: 0,
    parts: parts.slice(offset, offset + slice.count).map(({ state, ...part }): PartState => (isKept(state) ? { ...part, state } : part)),
    within: { offset, total: parts.length, failedBefore: before.failed },
  };
  const state: RunState = {
    facts: { ...facts, ...(ending && { ending: { status: ending.status, error: ending.error, pending } }) },
    steps: { ...Object.fromEntries(others), [step.id]: began },
    // No pause holds up what a run calls for before it ends badly.
    paused: paused && ending === undefined,
    cancel: null,
    timedOut: false,
    firstFailure: null,
    ...(edits && { edits }),
  };
  return { state, seq: 0, deadline: null, wish: { actor: null, reason: null } };
}

/** A part that completed in the run that this one repeats. */
const isKept = (state: OneState | undefined): state is OneState => state?.status === 'completed' && state.keptFrom !== undefined;

/** Hears what slices tell, and looks now and then whether those live that have not told their end. */
export function watchSlices(run: OpenRun): void {
  setHandler(sliceTold, (report) => run.tell({ events: [{ type: 'slice_told', ...report }] }));
  if (runningSlices(run.state).length > 0) void lookAfterSlices(run);
}

const watching = new WeakSet<OpenRun>();

/** Looks after slices as long as there are any under way. */
async function lookAfterSlices(run: OpenRun): Promise<void> {
  if (watching.has(run)) return;
  watching.add(run);
  const missed = new Set<string>();
  for (let wait = FIRST_LOOK_MS; runningSlices(run.state).length > 0; wait = Math.min(2 * wait, LAST_LOOK_MS)) {
    await run.shielded.run(() => sleep(wait));
    for (const { key, slice } of runningSlices(run.state)) {
      const id = sliceWorkflowId(run.input.run, key, slice);
      if (await run.shielded.run(() => isSliceAlive(id)).catch(() => true)) continue;
      const lost = lostSlice(run.state, key, slice);
      // What it told last may still be on its way.
      if (missed.has(id) && lost.length > 0) run.tell({ events: lost });
      missed.add(id);
    }
  }
  watching.delete(run);
}

const runningSlices = ({ steps }: RunState): readonly { readonly key: string; readonly slice: number }[] =>
  Object.entries(steps).flatMap(([key, { slices = [] }]) =>
    slices.flatMap(({ status }, slice) => (status === 'running' ? [{ key, slice }] : [])),
  );

/** What is to be assumed of a slice that is gone and told no end: nobody knows how its open parts ended. Nothing of one that has told it. */
function lostSlice({ steps }: RunState, key: string, number: number): readonly RunEvent[] {
  const slice = steps[key]?.slices?.[number];
  if (slice?.status !== 'running') return [];
  const { over = 0, completed = 0, failed = 0, failedParts = [], errors = [] } = slice.told ?? {};
  const told = {
    atWork: 0,
    over: slice.count,
    completed,
    failed: failed + slice.count - over,
    waiting: [],
    failedParts,
    errors: [...errors, 'lost' as const],
    outputs: null,
  };
  return [{ type: 'slice_told', key, slice: number, told, isOver: true }];
}

/** Whether what a slice told moves the run's own row. */
export const hasToldMore = (run: OpenRun, news: News | undefined): boolean =>
  (news?.events.some(({ type }) => type === 'slice_told') ?? false) && run.hasMovedOn;

const OF_RUN: readonly RunEvent['type'][] = ['paused', 'resumed', 'cancel_requested', 'timed_out'];

/** What an event means for a slice of this step; null: nothing. What a run calls for before it ends badly is stopped by force alone. */
function meantFor(run: OpenRun, key: string, event: RunEvent): RunEvent | null {
  if (event.type === 'cancel_forced') return { type: 'cancel_requested', wish: run.wish };
  if (OF_RUN.includes(event.type)) return run.state.ending ? null : event;
  return event.type === 'step_retried' && event.key === key ? event : null;
}

/** Passes on what happened to the run, and a retry of all that waits, to the workflows that are to act upon it. */
export function forwardToSlices(run: OpenRun, { events, by }: News): void {
  const running = runningSlices(run.state);
  if (running.length === 0) return;
  void lookAfterSlices(run);
  for (const { key, slice } of running) {
    const meant = events.flatMap((event) => meantFor(run, key, event) ?? []);
    if (meant.length > 0)
      steer(run, sliceWorkflowId(run.input.run, key, slice), { events: meant, ...(by && { by }), at: run.cancelAskedAt });
  }
}

/** The id of the workflow that carries out this part now; null for one that the run itself looks after, or that is in no slice under way. */
export function workflowOfPart(run: OpenRun, asked: string): string | null {
  const part = partOf(asked);
  const slices = part && run.state.steps[part.whole]?.slices;
  if (!part || !slices) return null;
  const slice = sliceOfPart(slices, part.n);
  return slices[slice]?.status === 'running' ? sliceWorkflowId(run.input.run, part.whole, slice) : null;
}

const steer = (run: OpenRun, workflowId: string, message: SteerSlice): void => speak(run, workflowId, steerSlice, message);

/** Passes on a signal that says nothing but that it was sent. */
export function tellSlices(run: OpenRun, signal: SignalDefinition): void {
  for (const { key, slice } of runningSlices(run.state)) speak(run, sliceWorkflowId(run.input.run, key, slice), signal);
}

/** Whatever is cancelled meanwhile, the word goes out; one that has ended has nothing to be told. */
function speak<Args extends readonly unknown[]>(
  run: OpenRun,
  workflowId: string,
  signal: SignalDefinition<[...Args]>,
  ...args: Args
): void {
  const word = run.shielded
    .run(() => getExternalWorkflowHandle(workflowId).signal(signal, ...args))
    .catch(() => undefined)
    .then(() => {
      run.words.delete(word);
    });
  run.words.add(word);
}

/** Begins no more parts of a step, and with `abort` ends those under way; answers with the keys of those that ended by it. */
export function stopParts(run: OpenRun, { step, abort }: Extract<Decision, { do: 'stop_parts' }>): readonly string[] {
  const before = run.state.steps[step.id];
  run.apply({ type: 'parts_stopped', key: step.id, abort });
  if (abort) {
    const keys = run.scopes.keysOf(step.id);
    run.scopes.cancel(keys, 'cancelled since too many others had failed');
    reapLaggards(run, Date.now(), keys);
  }
  if (before?.slices) return [step.id];
  const after = run.state.steps[step.id]?.parts ?? [];
  const offset = before?.within?.offset ?? 0;
  return after.flatMap((part, n) => (part === before?.parts?.[n] ? [] : [partKey(step.id, offset + n)]));
}
