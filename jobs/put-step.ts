import { type Asked, attemptsBefore, isOpen, type OneState, type PartState, type RunState, type StepState, stepAt } from './apply-event.ts';
import type { Message } from './holds/message.ts';
import { hasRoomFor, receiverOf } from './holds/receiver.ts';
import { stopped } from './holds/run-hold.ts';
import type { Slice } from './items/slices.ts';
import type { JsonObject } from './json.ts';
import { partOf } from './parts.ts';

/** A step in parts where nothing more begins. */
export function stopParts({ parts = [], ...step }: StepState, abort: boolean): StepState {
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

/** The state after a change of a step that something has happened to. */
export const withWhole = (state: RunState, key: string, change: (step: StepState) => StepState): RunState => {
  const step = state.steps[key];
  return step ? withStep(state, key, change(step)) : state;
};

/** An approval's answers stay with the step that asked for them. */
export function askedBefore(state: RunState, key: string): Asked {
  const step = stepAt(state, key);
  return step?.status === 'held' && step.hold.kind === 'approval' ? { hold: step.hold } : {};
}

/** The state after a message has come: the step that waits for it has it, or it is kept for one that will. */
export function withMessage(state: RunState, message: Message): RunState {
  const key = receiverOf(state, message.box);
  const step = key === null ? undefined : stepAt(state, key);
  if (key !== null && step?.status === 'held' && 'box' in step.hold) {
    return putStep(state, key, { ...step, hold: { ...step.hold, received: message } });
  }
  const early = state.early ?? [];
  return hasRoomFor(early) ? { ...state, early: [...early, message] } : state;
}

/** The state after a change of one slice of a step. */
export const withSlice = (state: RunState, key: string, slice: number, change: (slice: Slice) => Slice): RunState =>
  withWhole(state, key, (step) =>
    step.slices ? { ...step, slices: step.slices.map((one, n) => (n === slice ? change(one) : one)) } : step,
  );

/** The state where this step stands so, as a whole. */
export const withStep = (state: RunState, key: string, step: StepState): RunState => ({ ...state, steps: { ...state.steps, [key]: step } });

/** The state where this step or part stands so; a step keeps its parts. Nothing changes for a part of a step that has none. */
export function putStep(state: RunState, key: string, step: OneState): RunState {
  const part = partOf(key);
  const whole = state.steps[part?.whole ?? key];
  if (!part) return withStep(state, key, whole?.parts ? { ...step, ...keptWith(whole) } : step);
  if (!whole?.parts || whole.slices) return state;
  const at = part.n - (whole.within?.offset ?? 0);
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

/** The state where a step or part is to be tried again, with what a person gave to its config. */
export function applyRetry(state: RunState, key: string, config?: JsonObject, editor?: string): RunState {
  const retried = putStep(state, key, { status: 'retry', attempts: attemptsBefore(state, key) });
  if (!config) return retried;
  const edits = { ...retried.edits, [key]: { ...retried.edits?.[key], ...config } };
  return { ...retried, edits, ...(editor !== undefined && { editors: [...new Set([...(retried.editors ?? []), editor])] }) };
}

/** Keeps that a step has ended, in a run where that may have to be undone. */
export const noted = (state: RunState, key: string): RunState =>
  state.ended === undefined || state.ending || partOf(key) ? state : { ...state, ended: [...state.ended.filter((id) => id !== key), key] };

/** The steps of a run that is to stop: nobody is waited for any more. */
export const withoutWaiting = ({ steps }: RunState): RunState['steps'] =>
  Object.fromEntries(Object.entries(steps).map(([key, step]) => [key, waitingNoMore(step)]));

const nobodyWaitedForIn = (slices: readonly Slice[]): Pick<StepState, 'slices'> => ({
  slices: slices.map((slice) => (slice.told ? { ...slice, told: { ...slice.told, waiting: [] } } : slice)),
});

/** A step whose parts are carried out elsewhere, where nobody is waited for by what is known here. */
export const nobodyWaitedFor = (step: StepState): StepState => (step.slices ? { ...step, ...nobodyWaitedForIn(step.slices) } : step);

/** Slices end by themselves once their workflows hear of it. */
function waitingNoMore({ parts, slices, ...step }: StepState): StepState {
  return {
    ...givenUp(step),
    ...(parts && { parts: slices ? parts : parts.map((part) => (part.state ? { ...part, state: givenUp(part.state) } : part)) }),
    ...(slices && nobodyWaitedForIn(slices)),
  };
}

/** A step or part that waited and that nobody waits for any more; what runs elsewhere for it is told to stop first. */
export function givenUp(step: OneState): OneState {
  const stopping = step.status === 'held' && step.hold.kind === 'run' ? stopped(step.hold) : null;
  if (step.status === 'held' && stopping) return { ...step, hold: stopping };
  const why = step.status === 'held' ? 'the run stopped while the step waited' : 'the run stopped before the step was tried again';
  return step.status === 'waiting' || step.status === 'retry' || step.status === 'held'
    ? {
        status: 'cancelled',
        error: 'error' in step ? step.error : { type: 'cancelled', message: why },
        tolerated: false,
      }
    : step;
}
