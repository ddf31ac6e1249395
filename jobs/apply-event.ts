import type { StepError } from './failure.ts';
import type { Hold } from './holds/hold.ts';
import type { JsonObject } from './json.ts';
import { type Part, partKey, partOf } from './parts.ts';
import { hasEnded } from './run-state.ts';
import type { TargetChoice } from './target-choice.ts';

/** Where one step of a run stands; a key without a state is pending. Plain JSON, so that it survives continue-as-new. */
export type StepState = OneState & {
  /** What a step that is carried out in parts was taken apart into, and where each of them stands. */
  readonly parts?: readonly PartState[];
};

/** A part without a state is pending. */
export interface PartState extends Part {
  readonly state?: OneState;
}

/** Where something that is carried out as one piece stands. */
export type OneState =
  | { readonly status: 'running'; readonly attempts: number }
  | { readonly status: 'waiting'; readonly attempts: number; readonly error: StepError }
  | { readonly status: 'retry'; readonly attempts: number }
  /** The run itself carries it out, by waiting. */
  | { readonly status: 'held'; readonly attempts: number; readonly hold: Hold }
  | ({ readonly status: 'completed'; readonly outputs: JsonObject } & ToldAttempt)
  /** `tolerated`: its author lets the run go on without it. */
  | ({
      readonly status: 'failed' | 'timed_out' | 'lost' | 'cancelled';
      readonly error: StepError;
      readonly tolerated: boolean;
    } & ToldAttempt)
  | { readonly status: 'skipped'; readonly reason: SkipReason; readonly outputs?: JsonObject };

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
  | { readonly type: 'step_expanded'; readonly key: string; readonly parts: readonly Part[] }
  | ({ readonly type: 'step_completed'; readonly key: string; readonly outputs: JsonObject } & ToldAttempt)
  | ({
      readonly type: 'step_failed';
      readonly key: string;
      readonly error: StepError;
      readonly attempts: number;
      readonly outcome: 'fail' | 'tolerate' | 'wait';
    } & ToldAttempt)
  /** A step waits, or what it waits for has changed. */
  | { readonly type: 'step_held'; readonly key: string; readonly hold: Hold }
  | { readonly type: 'step_skipped'; readonly key: string; readonly reason: SkipReason; readonly outputs?: JsonObject }
  | { readonly type: 'step_retried'; readonly key: string }
  | { readonly type: 'paused' }
  | { readonly type: 'resumed' }
  | { readonly type: 'cancel_requested'; readonly wish: CancelWish }
  | { readonly type: 'timed_out' };

/** The state of a run that has done nothing yet. */
export const initialState = (facts: RunFacts): RunState => ({
  facts,
  steps: {},
  paused: false,
  cancel: null,
  timedOut: false,
  firstFailure: null,
});

const STATUS_OF = { timeout: 'timed_out', lost: 'lost', cancelled: 'cancelled' } as const;
const statusOf = (error: StepError): 'failed' | 'timed_out' | 'lost' | 'cancelled' =>
  error.type in STATUS_OF ? STATUS_OF[error.type as keyof typeof STATUS_OF] : 'failed';

/** Where the step or part of this key stands. */
export function stepAt({ steps }: RunState, key: string): OneState | undefined {
  const part = partOf(key);
  return part ? steps[part.whole]?.parts?.[part.n]?.state : steps[key];
}

/** How many attempts a step has behind it that a person's retry continues from. */
export const attemptsBefore = (state: RunState, key: string): number => {
  const step = stepAt(state, key);
  return step && 'attempts' in step ? step.attempts : 0;
};

/** How much of a step is being worked at: 1 for a step in one piece, else how many of its parts. */
export function worksOf({ status, parts }: StepState): number {
  if (parts === undefined) return status === 'running' ? 1 : 0;
  let works = 0;
  for (const { state } of parts) if (state?.status === 'running') works += 1;
  return works;
}

/** Whether a person is waited for, by the step or by one of its parts. */
export const needsPerson = ({ status, parts }: StepState): boolean =>
  status === 'waiting' || (parts?.some(({ state }) => state?.status === 'waiting') ?? false);

/** True for a step that nothing has happened to, or that a person asked to run again. */
export const isOpen = (step: OneState | undefined): boolean => step === undefined || step.status === 'retry';

/** True for a step that has ended and that nobody is waited for to take up again. */
export const isOver = (step: OneState | undefined): boolean =>
  step !== undefined && step.status !== 'retry' && step.status !== 'waiting' && step.status !== 'held' && hasEnded(step.status);

/** True once the run starts nothing more, waits for nobody, and only lets end what runs. */
export const isStopping = ({ cancel, timedOut }: RunState): boolean => cancel !== null || timedOut;

/** The state after an event; the old one is left as it was. Events that no longer apply change nothing. */
export function applyEvent(state: RunState, event: RunEvent): RunState {
  const put = (key: string, step: OneState): RunState => putStep(state, key, step);
  switch (event.type) {
    case 'step_started':
      return put(event.key, { status: 'running', attempts: attemptsBefore(state, event.key) });
    case 'step_expanded':
      return withStep(state, event.key, { status: 'running', attempts: attemptsBefore(state, event.key), parts: event.parts });
    case 'step_completed':
      return put(event.key, { status: 'completed', outputs: event.outputs, attempt: event.attempt });
    case 'step_failed': {
      if (event.outcome === 'wait' && !isStopping(state))
        return put(event.key, { status: 'waiting', attempts: event.attempts, error: event.error });
      const tolerated = event.outcome === 'tolerate';
      const failed = put(event.key, { status: statusOf(event.error), error: event.error, tolerated, attempt: event.attempt });
      return tolerated || state.firstFailure !== null || partOf(event.key) ? failed : { ...failed, firstFailure: event.key };
    }
    case 'step_skipped':
      return put(event.key, { status: 'skipped', reason: event.reason, ...(event.outputs && { outputs: event.outputs }) });
    case 'step_held':
      return put(event.key, { status: 'held', attempts: attemptsBefore(state, event.key), hold: event.hold });
    case 'step_retried':
      return waitingKeys(state, event.key).reduce((so, key) => applyRetry(so, key), state);
    case 'paused':
      return { ...state, paused: true };
    case 'resumed':
      return { ...state, paused: false };
    case 'cancel_requested':
      return state.cancel ? state : { ...state, cancel: event.wish, steps: withoutWaiting(state) };
    case 'timed_out':
      return { ...state, timedOut: true, steps: withoutWaiting(state) };
  }
}

const withStep = (state: RunState, key: string, step: StepState): RunState => ({ ...state, steps: { ...state.steps, [key]: step } });

/** The state where this step or part stands so; a step keeps its parts. Nothing changes for a part of a step that has none. */
function putStep(state: RunState, key: string, step: OneState): RunState {
  const part = partOf(key);
  const whole = state.steps[part?.whole ?? key];
  if (!part) return withStep(state, key, whole?.parts ? { ...step, parts: whole.parts } : step);
  const own = whole?.parts?.[part.n];
  return whole?.parts && own ? withStep(state, part.whole, { ...whole, parts: whole.parts.with(part.n, { ...own, state: step }) }) : state;
}

const applyRetry = (state: RunState, key: string): RunState =>
  putStep(state, key, { status: 'retry', attempts: attemptsBefore(state, key) });

/** What a person's retry of a step would execute again: the step if it waits for him, or those of its parts that do. */
export const waitingKeys = (state: RunState, key: string): readonly string[] => keysIn(state, key, 'waiting');

/** What a person's retry of a step has just set free. */
export const retryingKeys = (state: RunState, key: string): readonly string[] => keysIn(state, key, 'retry');

function keysIn(state: RunState, key: string, status: OneState['status']): readonly string[] {
  const parts = state.steps[key]?.parts ?? [];
  return [key, ...parts.map((_, n) => partKey(key, n))].filter((one) => stepAt(state, one)?.status === status);
}

/** The steps of a run that is to stop: nobody is waited for any more. */
const withoutWaiting = ({ steps }: RunState): RunState['steps'] =>
  Object.fromEntries(
    Object.entries(steps).map(([key, { parts, ...step }]) => [
      key,
      { ...givenUp(step), ...(parts && { parts: parts.map((part) => (part.state ? { ...part, state: givenUp(part.state) } : part)) }) },
    ]),
  );

const givenUp = (step: OneState): OneState =>
  step.status === 'waiting' || step.status === 'retry' || step.status === 'held'
    ? {
        status: 'cancelled',
        error: 'error' in step ? step.error : { type: 'cancelled', message: 'the run stopped before the step was tried again' },
        tolerated: false,
      }
    : step;
