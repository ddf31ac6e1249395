import type { EndStatus } from './definition-words.ts';
import type { StepError } from './failure.ts';
import { withAnswer } from './holds/approval.ts';
import type { Hold } from './holds/hold.ts';
import type { Message } from './holds/message.ts';
import { taken } from './holds/receiver.ts';
import { isStoppingRun } from './holds/run-hold.ts';
import { type Slice, tallyOfStep, type Within } from './items/slices.ts';
import type { JsonObject } from './json.ts';
import { applyLock, type Locks } from './lock-state.ts';
import { type Part, partKey, partOf } from './parts.ts';
import {
  applyRetry,
  askedBefore,
  givenUp,
  nobodyWaitedFor,
  noted,
  putStep,
  stopParts,
  withMessage,
  withoutWaiting,
  withSlice,
  withStep,
  withWhole,
} from './put-step.ts';
import type { RunEvent } from './run-event.ts';
import { hasEnded } from './run-state.ts';
import type { ScheduleContext } from './schedules/context.ts';
import type { TargetChoice } from './target-choice.ts';

/** Where one step of a run stands; a key without a state is pending. Plain JSON, so that it survives continue-as-new. */
export type StepState = OneState & {
  /** What a step that is carried out in parts was taken apart into, and where each of them stands. */
  readonly parts?: readonly PartState[];
  /** Its parts are carried out by workflows of their own, which know where each of them stands. */
  readonly slices?: readonly Slice[];
  /** Some of those may have to wait for a maintenance window. */
  readonly windowed?: true;
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

export interface Asked {
  /** What the step had asked of people, with their answers. */
  readonly hold?: Hold;
}

export interface ToldAttempt {
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
  /** Its target was outside of its maintenance windows. */
  'window_closed',
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
  /** Who gave them. */
  readonly editors?: readonly string[];
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
  /** The moment of a schedule that it stands for; absent: no schedule started it. */
  readonly schedule?: ScheduleContext;
  /** In the workflow of a slice of what is called for before a run ends badly: how it ends, and which steps have no state. */
  readonly ending?: Pick<Ending, 'status' | 'error'> & { readonly pending: readonly string[] };
}

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
  // A slice that runs has something to do, unless it waits for a person or for windows to open.
  const isBegun = tally.waiting === 0 && !(step.slices && tally.shut > 0) && step.slices?.some(({ status }) => status === 'running');
  return Math.max(tally.atWork + tally.stopping, isBegun ? 1 : 0);
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
export const applyEvent = (state: RunState, event: RunEvent): RunState =>
  // The language cannot tell that an event goes with the entry of its own type.
  (AFTER[event.type] as (state: RunState, event: RunEvent) => RunState)(state, event);

type Event<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;

const AFTER: { readonly [T in RunEvent['type']]: (state: RunState, event: Event<T>) => RunState } = {
  step_started: (state, { key }) => putStep(state, key, { status: 'running', attempts: attemptsBefore(state, key) }),
  step_expanded: (state, { key, parts, slices, windowed }) =>
    withStep(state, key, {
      status: 'running',
      attempts: attemptsBefore(state, key),
      parts,
      ...(slices && { slices }),
      ...(windowed && { windowed }),
    }),
  slice_started: (state, { key, slice }) => withSlice(state, key, slice, (one) => ({ ...one, status: 'running' })),
  slice_told: (state, { key, slice, told, isOver }) =>
    withSlice(state, key, slice, (one) => (one.status === 'over' ? one : { ...one, status: isOver ? 'over' : 'running', told })),
  step_rested: (state, { key, rest }) => withWhole(state, key, (step) => ({ ...step, rest })),
  parts_stopped: (state, { key, abort }) => withWhole(state, key, (step) => stopParts(step, abort)),
  step_completed: (state, { key, outputs, attempt }) =>
    noted(putStep(state, key, { status: 'completed', outputs, attempt, ...askedBefore(state, key) }), key),
  step_failed: afterFailure,
  step_skipped: (state, { key, reason, outputs }) => putStep(state, key, { status: 'skipped', reason, ...(outputs && { outputs }) }),
  step_held: afterHold,
  window_opened: (state, { key }) => {
    const step = stepAt(state, key);
    if (step?.status !== 'held' || step.hold.kind !== 'window') return state;
    return putStep(state, key, { status: 'retry', attempts: step.attempts });
  },
  hold_answered: (state, { key, answer }) => {
    const step = stepAt(state, key);
    if (step?.status !== 'held' || step.hold.kind !== 'approval') return state;
    return putStep(state, key, { ...step, hold: withAnswer(step.hold, answer) });
  },
  message_arrived: (state, { message }) => withMessage(state, message),
  step_retried: (state, { key, config, editor }) =>
    waitingKeys(state, key).reduce((so, one) => applyRetry(so, one, config, editor), withWhole(state, key, nobodyWaitedFor)),
  lock: (state, event) => applyLock(state, event, stepAt(state, event.owner), (so, step) => putStep(so, event.owner, step)),
  paused: (state) => ({ ...state, paused: true }),
  resumed: (state) => ({ ...state, paused: false }),
  cancel_requested: (state, { wish }) => (state.cancel || state.ending ? state : { ...state, cancel: wish, steps: withoutWaiting(state) }),
  timed_out: (state) => (state.ending ? state : { ...state, timedOut: true, steps: withoutWaiting(state) }),
  ending: (state, { ending }) => ({ ...state, ending }),
  cancel_forced: (state) => ({ ...state, forced: true, ...(state.ending && { steps: withoutWaiting(state) }) }),
};

function afterFailure(state: RunState, { key, error, attempts, outcome, until, attempt }: Event<'step_failed'>): RunState {
  if (outcome === 'wait' && !isStopping(state) && !state.ending && !isAborted(state, key))
    return putStep(state, key, { status: 'waiting', attempts, error, ...(until !== undefined && { until }) });
  const tolerated = outcome === 'tolerate';
  const failed = putStep(state, key, { status: statusOf(error), error, tolerated, attempt, ...askedBefore(state, key) });
  const isFirst = !tolerated && state.firstFailure === null && !state.ending && partOf(key) === null;
  return noted(isFirst ? { ...failed, firstFailure: key } : failed, key);
}

/** Whether it is a part of a step whose parts under way were told to end. */
const isAborted = ({ steps }: RunState, key: string): boolean => steps[partOf(key)?.whole ?? '']?.aborted === true;

function afterHold(state: RunState, event: Event<'step_held'>): RunState {
  const { hold, early } = taken(state.early ?? [], event.hold);
  const one = { status: 'held', attempts: event.attempts ?? attemptsBefore(state, event.key), hold } as const;
  // What was looked up while the run was told to stop waits for nobody.
  const held = putStep(state, event.key, isStopping(state) || isAborted(state, event.key) ? givenUp(one) : one);
  return hold === event.hold ? held : { ...held, early };
}

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
