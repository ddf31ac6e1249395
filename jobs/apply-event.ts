import type { EndStatus } from './definition-words.ts';
import type { StepError } from './failure.ts';
import { type Answer, withAnswer } from './holds/approval.ts';
import type { Hold } from './holds/hold.ts';
import type { Message } from './holds/message.ts';
import { hasRoomFor, receiverOf, taken } from './holds/receiver.ts';
import { isStoppingRun, stopped } from './holds/run-hold.ts';
import { type Slice, type SliceTold, tallyOfStep, type Within } from './items/slices.ts';
import type { JsonObject } from './json.ts';
import { applyLock, type LockEvent, type Locks } from './lock-state.ts';
import { type Part, partKey, partOf } from './parts.ts';
import { hasEnded } from './run-state.ts';
import type { TargetChoice } from './target-choice.ts';

/** Where one step of a run stands; a key without a state is pending. Plain JSON, so that it survives continue-as-new. */
export type StepState = OneState & {
  /** What a step that is carried out in parts was taken apart into, and where each of them stands. */
  readonly parts?: readonly PartState[];
  /** Its parts are carried out by workflows of their own, which know where each of them stands. */
  readonly slices?: readonly Slice[];
  /** In the workflow of a slice: where its parts stand in the whole step. */
  readonly within?: Within;
  /** The pause before a group of its parts: which, and until when (epoch milliseconds); null: it is over. */
  readonly rest?: Rest;
  /** Too many of its parts have failed, and those under way were told to end. */
  readonly aborted?: true;
};

export interface Rest {
  readonly before: number;
  readonly until: number | null;
}

/** A part without a state is pending. */
export interface PartState extends Part {
  readonly state?: OneState;
}

/** Where something that is carried out as one piece stands. */
export type OneState =
  | { readonly status: 'running'; readonly attempts: number }
  /** `until` (epoch milliseconds): how long a person is waited for; absent: as long as the run lasts. */
  | { readonly status: 'waiting'; readonly attempts: number; readonly error: StepError; readonly until?: number }
  | { readonly status: 'retry'; readonly attempts: number }
  /** The run itself carries it out, by waiting. */
  | { readonly status: 'held'; readonly attempts: number; readonly hold: Hold }
  | ({ readonly status: 'completed'; readonly outputs: JsonObject } & ToldAttempt & Asked & Kept)
  /** `tolerated`: its author lets the run go on without it. */
  | ({
      readonly status: 'failed' | 'timed_out' | 'lost' | 'cancelled';
      readonly error: StepError;
      readonly tolerated: boolean;
    } & ToldAttempt &
      Asked)
  | ({ readonly status: 'skipped'; readonly reason: SkipReason; readonly outputs?: JsonObject } & Kept);

interface Kept {
  /** The number of the run that it happened in, of which this one is a re-run. */
  readonly keptFrom?: number;
}

interface Asked {
  /** What the step had asked of people, with their answers. */
  readonly hold?: Hold;
}

interface ToldAttempt {
  /** The number of the attempt that ended so, where a worker told it. */
  readonly attempt?: number | undefined;
}

export const SKIP_REASONS = [
  'condition',
  'disabled',
  'upstream_failed',
  /** Others were chosen when the run was started. */
  'not_selected',
  /** Too many of its siblings had failed. */
  'stopped',
  'person',
  'lock_taken',
  'expired',
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/** A person's wish that a run stops, with the words that row and history keep. */
export interface CancelWish {
  readonly actor: string | null;
  readonly reason: string | null;
}

/** All that a run's decisions depend on besides its plan. */
export interface RunState {
  /** What expressions may see of the run itself. */
  readonly facts: RunFacts;
  readonly steps: { readonly [key: string]: StepState };
  readonly paused: boolean;
  readonly cancel: CancelWish | null;
  readonly timedOut: boolean;
  /** The failure that decides the run, the first in time. */
  readonly firstFailure: string | null;
  /** Ids of the steps that have ended and done something, in that order; kept where it may have to be undone. */
  readonly ended?: readonly string[];
  /** How the run ends that has failed or was stopped, once it has undone, handled and cleaned up what that calls for. */
  readonly ending?: Ending;
  /** A person wants its end without any of that. */
  readonly forced?: true;
  /** Fields that a person gave to the config of a step or part, by its key. */
  readonly edits?: { readonly [key: string]: JsonObject };
  /** Messages that came before a step waited for them. */
  readonly early?: readonly Message[];
  /** Who in the run holds keys or waits for them. */
  readonly locks?: Locks;
}

/** Decided when all that was under way has ended, and not changed by what comes after. */
export interface Ending {
  readonly status: EndStatus;
  readonly error: string | null;
  /** Ids of the steps that are to be undone, in that order. */
  readonly undo: readonly string[];
}

export interface RunFacts {
  readonly run: string;
  readonly job: string;
  /** ISO 8601, UTC. */
  readonly started_at: string;
  readonly parameters: JsonObject;
  /** The default target of steps that need one and name none. */
  readonly target: TargetChoice | null;
}

export type RunEvent =
  | { readonly type: 'step_started'; readonly key: string }
  /** A step was taken apart; it runs until its parts have ended. */
  | { readonly type: 'step_expanded'; readonly key: string; readonly parts: readonly Part[]; readonly slices?: readonly Slice[] }
  | { readonly type: 'slice_started'; readonly key: string; readonly slice: number }
  /** What the workflow of a slice says of its parts; with `isOver` for the last time. */
  | { readonly type: 'slice_told'; readonly key: string; readonly slice: number; readonly told: SliceTold; readonly isOver: boolean }
  /** A group of a step's parts has ended, and the next one rests until a moment; null: it rests no more. */
  | { readonly type: 'step_rested'; readonly key: string; readonly rest: Rest }
  /** Too many of a step's parts have failed: no more of them begin, and with `abort` those under way end. */
  | { readonly type: 'parts_stopped'; readonly key: string; readonly abort: boolean }
  | ({ readonly type: 'step_completed'; readonly key: string; readonly outputs: JsonObject } & ToldAttempt)
  | ({
      readonly type: 'step_failed';
      readonly key: string;
      readonly error: StepError;
      readonly attempts: number;
      readonly outcome: 'fail' | 'tolerate' | 'wait';
      /** With `wait`: how long a person is waited for, in epoch milliseconds. */
      readonly until?: number;
    } & ToldAttempt)
  /** A step waits, or what it waits for has changed. */
  | { readonly type: 'step_held'; readonly key: string; readonly hold: Hold }
  /** Someone approved or rejected what a step asks. */
  | { readonly type: 'hold_answered'; readonly key: string; readonly answer: Answer }
  /** Something was sent to the run, for the step that waits for it or will. */
  | { readonly type: 'message_arrived'; readonly message: Message }
  | { readonly type: 'step_skipped'; readonly key: string; readonly reason: SkipReason; readonly outputs?: JsonObject }
  /** `config`: fields that a person gave, in place of the definition's. */
  | { readonly type: 'step_retried'; readonly key: string; readonly config?: JsonObject }
  | { readonly type: 'ending'; readonly ending: Ending }
  /** A person wants the run to end without undoing, handling or cleaning up anything. */
  | { readonly type: 'cancel_forced' }
  | LockEvent
  | { readonly type: 'paused' }
  | { readonly type: 'resumed' }
  | { readonly type: 'cancel_requested'; readonly wish: CancelWish }
  | { readonly type: 'timed_out' };

/** The state of a run that has done nothing yet; with `undoable` it keeps in which order its steps end. */
export const initialState = (facts: RunFacts, undoable = false): RunState => ({
  facts,
  steps: {},
  paused: false,
  cancel: null,
  timedOut: false,
  firstFailure: null,
  ...(undoable && { ended: [] }),
});

const STATUS_OF = { timeout: 'timed_out', lost: 'lost', cancelled: 'cancelled' } as const;
const statusOf = (error: StepError): 'failed' | 'timed_out' | 'lost' | 'cancelled' =>
  error.type in STATUS_OF ? STATUS_OF[error.type as keyof typeof STATUS_OF] : 'failed';

/** Where the step or part of this key stands. */
export function stepAt({ steps }: RunState, key: string): OneState | undefined {
  const part = partOf(key);
  if (!part) return steps[key];
  const whole = steps[part.whole];
  return whole?.slices ? stateInSlices(whole.slices, part.n) : whole?.parts?.[part.n - offsetIn(whole)]?.state;
}

/** The number of the first part that a workflow knows of. */
const offsetIn = (step: StepState): number => step.within?.offset ?? 0;

/** Where a part stands whose slice alone knows it exactly: whether a person is waited for. */
const stateInSlices = (slices: readonly Slice[], n: number): OneState | undefined =>
  slices.some(({ told }) => told?.waiting.includes(n))
    ? { status: 'waiting', attempts: 0, error: { type: 'internal', message: 'its own row says why it failed' } }
    : undefined;

/** How many attempts a step has behind it that a person's retry continues from. */
export const attemptsBefore = (state: RunState, key: string): number => {
  const step = stepAt(state, key);
  return step && 'attempts' in step ? step.attempts : 0;
};

/** How much of a step is being worked at: 1 for a step in one piece, else how many of its parts. */
export function worksOf(step: StepState): number {
  const tally = tallyOfStep(step);
  if (tally === null) return step.status === 'running' || (step.status === 'held' && isStoppingRun(step.hold)) ? 1 : 0;
  // A slice that runs has something to do, unless it waits for a person.
  const isBegun = tally.waiting === 0 && step.slices?.some(({ status }) => status === 'running');
  return Math.max(tally.atWork, isBegun ? 1 : 0);
}

/** Whether a person is waited for, by the step or by one of its parts. */
export const needsPerson = (step: StepState): boolean => step.status === 'waiting' || (tallyOfStep(step)?.waiting ?? 0) > 0;

/** Whether some of it waits for a moment or for something that happens elsewhere. */
export const isHeld = (step: StepState): boolean =>
  step.status === 'held' || (typeof step.rest?.until === 'number' && step.status === 'running') || (tallyOfStep(step)?.held ?? 0) > 0;

/** True for a step that nothing has happened to, or that a person asked to run again. */
export const isOpen = (step: OneState | undefined): boolean => step === undefined || step.status === 'retry';

/** True for a step that has ended and that nobody is waited for to take up again. */
export const isOver = (step: OneState | undefined): boolean =>
  step !== undefined && step.status !== 'retry' && step.status !== 'waiting' && step.status !== 'held' && hasEnded(step.status);

/** True once the run starts nothing more, waits for nobody, and only lets end what runs; what it still undoes, handles and cleans up begins a new phase, which only force stops. */
export const isStopping = ({ cancel, timedOut, ending, forced }: RunState): boolean =>
  ending === undefined ? cancel !== null || timedOut : forced === true;

/** The state after an event; the old one is left as it was. Events that no longer apply change nothing. */
export function applyEvent(state: RunState, event: RunEvent): RunState {
  const put = (key: string, step: OneState): RunState => putStep(state, key, step);
  switch (event.type) {
    case 'step_started':
      return put(event.key, { status: 'running', attempts: attemptsBefore(state, event.key) });
    case 'step_expanded':
      return withStep(state, event.key, { status: 'running', attempts: attemptsBefore(state, event.key), parts: event.parts, ...(event.slices && { slices: event.slices }) });
    case 'slice_started':
      return withSlice(state, event.key, event.slice, (slice) => ({ ...slice, status: 'running' }));
    case 'slice_told':
      return withSlice(state, event.key, event.slice, (slice) =>
        slice.status === 'over' ? slice : { ...slice, status: event.isOver ? 'over' : 'running', told: event.told },
      );
    case 'step_completed':
      return noted(put(event.key, { status: 'completed', outputs: event.outputs, attempt: event.attempt, ...askedBefore(state, event.key) }), event.key);
    case 'step_failed': {
      if (event.outcome === 'wait' && !isStopping(state) && !state.ending)
        return put(event.key, {
          status: 'waiting',
          attempts: event.attempts,
          error: event.error,
          ...(event.until !== undefined && { until: event.until }),
        });
      const tolerated = event.outcome === 'tolerate';
      const failed = put(event.key, {
        status: statusOf(event.error),
        error: event.error,
        tolerated,
        attempt: event.attempt,
        ...askedBefore(state, event.key),
      });
      const isFirst = !tolerated && state.firstFailure === null && !state.ending && partOf(event.key) === null;
      return noted(isFirst ? { ...failed, firstFailure: event.key } : failed, event.key);
    }
    case 'step_rested':
      return withWhole(state, event.key, (step) => ({ ...step, rest: event.rest }));
    case 'parts_stopped':
      return withWhole(state, event.key, (step) => stopParts(step, event.abort));
    case 'step_skipped':
      return put(event.key, { status: 'skipped', reason: event.reason, ...(event.outputs && { outputs: event.outputs }) });
    case 'step_held': {
      const { hold, early } = taken(state.early ?? [], event.hold);
      const one = { status: 'held', attempts: attemptsBefore(state, event.key), hold } as const;
      // What was looked up while the run was told to stop waits for nobody.
      const held = put(event.key, isStopping(state) ? givenUp(one) : one);
      return hold === event.hold ? held : { ...held, early };
    }
    case 'hold_answered': {
      const step = stepAt(state, event.key);
      if (step?.status !== 'held' || step.hold.kind !== 'approval') return state;
      return put(event.key, { ...step, hold: withAnswer(step.hold, event.answer) });
    }
    case 'message_arrived':
      return withMessage(state, event.message);
    case 'step_retried':
      return waitingKeys(state, event.key).reduce((so, key) => applyRetry(so, key, event.config), state);
    case 'lock':
      return applyLock(state, event, stepAt(state, event.owner), (so, step) => putStep(so, event.owner, step));
    case 'paused':
      return { ...state, paused: true };
    case 'resumed':
      return { ...state, paused: false };
    case 'cancel_requested':
      return state.cancel || state.ending ? state : { ...state, cancel: event.wish, steps: withoutWaiting(state) };
    case 'timed_out':
      return state.ending ? state : { ...state, timedOut: true, steps: withoutWaiting(state) };
    case 'ending':
      return { ...state, ending: event.ending };
    case 'cancel_forced':
      return { ...state, forced: true, ...(state.ending && { steps: withoutWaiting(state) }) };
  }
}

/** A step in parts where nothing more begins. */
function stopParts({ parts = [], ...step }: StepState, abort: boolean): StepState {
  if (step.slices) {
    const slices = step.slices.map((slice): Slice => (slice.status === 'open' ? { ...slice, status: 'over' } : slice));
    return { ...step, parts, slices, ...(abort && { aborted: true }) };
  }
  const stopped = parts.map((part): PartState => {
    if (isOpen(part.state)) return { ...part, state: { status: 'skipped', reason: 'stopped' } };
    return abort && part.state ? { ...part, state: givenUp(part.state) } : part;
  });
  return { ...step, parts: stopped, ...(abort && { aborted: true }) };
}

const withWhole = (state: RunState, key: string, change: (step: StepState) => StepState): RunState => {
  const step = state.steps[key];
  return step ? withStep(state, key, change(step)) : state;
};

/** An approval's answers stay with the step that asked for them. */
function askedBefore(state: RunState, key: string): Asked {
  const step = stepAt(state, key);
  return step?.status === 'held' && step.hold.kind === 'approval' ? { hold: step.hold } : {};
}

function withMessage(state: RunState, message: Message): RunState {
  const key = receiverOf(state, message.box);
  const step = key === null ? undefined : stepAt(state, key);
  if (key !== null && step?.status === 'held' && 'box' in step.hold) {
    return putStep(state, key, { ...step, hold: { ...step.hold, received: message } });
  }
  const early = state.early ?? [];
  return hasRoomFor(early) ? { ...state, early: [...early, message] } : state;
}

const withSlice = (state: RunState, key: string, slice: number, change: (slice: Slice) => Slice): RunState =>
  withWhole(state, key, (step) => (step.slices ? { ...step, slices: step.slices.map((one, n) => (n === slice ? change(one) : one)) } : step));

const withStep = (state: RunState, key: string, step: StepState): RunState => ({ ...state, steps: { ...state.steps, [key]: step } });

/** The state where this step or part stands so; a step keeps its parts. Nothing changes for a part of a step that has none. */
function putStep(state: RunState, key: string, step: OneState): RunState {
  const part = partOf(key);
  const whole = state.steps[part?.whole ?? key];
  if (!part) return withStep(state, key, whole?.parts ? { ...step, ...keptWith(whole) } : step);
  if (!whole?.parts || whole.slices) return state;
  const at = part.n - offsetIn(whole);
  const own = whole.parts[at];
  if (!own) return state;
  // A group that begins rests no more.
  const { rest, ...others } = whole;
  return withStep(state, part.whole, {
    ...others,
    parts: whole.parts.with(at, { ...own, state: step }),
    ...(rest && typeof rest.until === 'number' && { rest }),
  });
}

/** What a step in parts keeps whatever becomes of it. */
const keptWith = ({ parts, slices, within }: StepState): Pick<StepState, 'parts' | 'slices' | 'within'> => ({
  ...(parts && { parts }),
  ...(slices && { slices }),
  ...(within && { within }),
});

function applyRetry(state: RunState, key: string, config: JsonObject | undefined): RunState {
  const retried = putStep(state, key, { status: 'retry', attempts: attemptsBefore(state, key) });
  return config ? { ...retried, edits: { ...retried.edits, [key]: { ...retried.edits?.[key], ...config } } } : retried;
}

/** Keeps that a step has ended, in a run where that may have to be undone. */
const noted = (state: RunState, key: string): RunState =>
  state.ended === undefined || state.ending || partOf(key) ? state : { ...state, ended: [...state.ended.filter((id) => id !== key), key] };

/** What a person's retry of a step would execute again: the step if it waits for him, or those of its parts that do. */
export const waitingKeys = (state: RunState, key: string): readonly string[] => keysIn(state, key, 'waiting');

/** What a person's retry of a step has just set free. */
export const retryingKeys = (state: RunState, key: string): readonly string[] => keysIn(state, key, 'retry');

function keysIn(state: RunState, key: string, status: OneState['status']): readonly string[] {
  const step = state.steps[key];
  const parts = step ? partsThat(step, status).map((n) => partKey(key, n)) : [];
  return stepAt(state, key)?.status === status ? [key, ...parts] : parts;
}

/** Numbers of the parts of a step that stand so; of those in slices only who waits is known. */
function partsThat({ parts = [], slices, within }: StepState, status: OneState['status']): readonly number[] {
  if (slices) return status === 'waiting' ? slices.flatMap(({ told }) => told?.waiting ?? []) : [];
  return parts.flatMap(({ state }, n) => (state?.status === status ? [(within?.offset ?? 0) + n] : []));
}

/** The steps of a run that is to stop: nobody is waited for any more. */
const withoutWaiting = ({ steps }: RunState): RunState['steps'] =>
  Object.fromEntries(Object.entries(steps).map(([key, step]) => [key, waitingNoMore(step)]));

/** Slices end by themselves once their workflows hear of it. */
function waitingNoMore({ parts, slices, ...step }: StepState): StepState {
  return {
    ...givenUp(step),
    ...(parts && { parts: slices ? parts : parts.map((part) => (part.state ? { ...part, state: givenUp(part.state) } : part)) }),
    ...(slices && { slices: slices.map((slice) => (slice.told ? { ...slice, told: { ...slice.told, waiting: [] } } : slice)) }),
  };
}

function givenUp(step: OneState): OneState {
  const stopping = step.status === 'held' && step.hold.kind === 'run' ? stopped(step.hold) : null;
  if (step.status === 'held' && stopping) return { ...step, hold: stopping };
  return step.status === 'waiting' || step.status === 'retry' || step.status === 'held'
    ? {
        status: 'cancelled',
        error: 'error' in step ? step.error : { type: 'cancelled', message: 'the run stopped before the step was tried again' },
        tolerated: false,
      }
    : step;
}
