import { isOpen, isOver, isStopping, type RunState, worksOf } from './apply-event.ts';
import { type StepError, StepFailure } from './failure.ts';
import { bytesAsJson, type JsonObject } from './json.ts';
import { LIMITS } from './limits.ts';
import type { Decision } from './next-steps.ts';
import { type Part, partKey } from './parts.ts';
import type { PlannedStep } from './plan.ts';

/** What can still be begun at once, over all steps of a run. */
export interface Room {
  parts: number;
  bytes: number;
}

/** The room that the parts under way leave; their bytes are counted by whoever knows the size of theirs. */
export const roomIn = ({ steps }: RunState): Room => {
  const atWork = Object.values(steps).reduce((sum, step) => sum + (step.parts ? worksOf(step) : 0), 0);
  return { parts: LIMITS.partsAtOnce - atWork, bytes: LIMITS.partBytesAtOnce };
};

/** Fills in the config of a step for one of its parts; throws `StepFailure`. */
export type RenderPart = (part: Part) => JsonObject;

/** What a step that was taken apart does next: start parts in their order, as many as may run at a time; or end, when all parts have. */
export function nextParts(step: PlannedStep, state: RunState, room: () => Room, renderPart: RenderPart): readonly Decision[] {
  const parts = state.steps[step.id]?.parts ?? [];
  const open: { readonly key: string; readonly part: Part }[] = [];
  let atWork = 0;
  let over = 0;
  for (const [n, part] of parts.entries()) {
    if (part.state?.status === 'running') atWork += 1;
    else if (isOver(part.state)) over += 1;
    else if (isOpen(part.state)) open.push({ key: partKey(step.id, n), part });
  }
  if (over === parts.length || (isStopping(state) && atWork === 0)) return [conclusion(step, state)];
  const slots = (step.maxParallel ?? Number.POSITIVE_INFINITY) - atWork;
  if (state.paused || isStopping(state) || slots <= 0 || open.length === 0) return [];
  const left = room();
  return begin(step, open.slice(0, Math.max(0, Math.min(slots, left.parts))), atWork, left, renderPart);
}

/** As many of these parts as the room has bytes for, at least one when none is at work. */
function begin(
  step: PlannedStep,
  wanted: readonly { readonly key: string; readonly part: Part }[],
  atWork: number,
  room: Room,
  renderPart: RenderPart,
): readonly Decision[] {
  const decisions: Decision[] = [];
  let begun = 0;
  for (const { key, part } of wanted) {
    const decision = startOf(step, key, part, renderPart);
    decisions.push(decision);
    if (decision.do !== 'start') continue;
    const bytes = bytesAsJson(decision.config) + ORDER_BYTES;
    // Those under way are about as large as their siblings.
    if (begun === 0) room.bytes -= atWork * bytes;
    if (bytes > room.bytes && atWork + begun > 0) {
      decisions.pop();
      break;
    }
    begun += 1;
    room.bytes -= bytes;
    room.parts -= 1;
  }
  return decisions;
}

/** What goes along with the config. */
const ORDER_BYTES = 1_500;

function startOf(step: PlannedStep, key: string, part: Part, renderPart: RenderPart): Extract<Decision, { do: 'start' | 'fail' }> {
  try {
    return { do: 'start', step, key, config: renderPart(part), target: part.target };
  } catch (error) {
    if (error instanceof StepFailure) return { do: 'fail', step, key, error: { type: error.type, message: error.message } };
    throw error;
  }
}

/** How the step ends whose parts have: well if all of them did, else with the failure they share or, of several, the one least to be overlooked. */
function conclusion(step: PlannedStep, state: RunState): Decision {
  const parts = state.steps[step.id]?.parts ?? [];
  const states = parts.map((part) => part.state);
  if (states.every((part) => part?.status === 'completed')) return { do: 'complete', step };
  const done = states.filter((part) => part?.status === 'completed').length;
  if (isStopping(state)) {
    const message = `stopped when ${done} of ${parts.length} targets were done`;
    return { do: 'fail', step, key: step.id, error: { type: 'cancelled', message } };
  }
  const failed = parts.filter((_, n) => states[n]?.status !== 'completed').map(({ target }) => target);
  const errors = states.flatMap((part) => (part && 'error' in part ? [part.error] : []));
  const message = `${failed.length} of ${parts.length} targets failed: ${listed(failed)}`;
  return {
    do: 'fail',
    step,
    key: step.id,
    error: { type: typeOf(errors), message, details: { failed_targets: failed.slice(0, MOST_NAMED) } },
  };
}

const MOST_NAMED = 100;
const listed = (names: readonly string[]): string =>
  names.length > 10 ? `${names.slice(0, 10).join(', ')} and ${names.length - 10} more` : names.join(', ');

/** An end that nobody saw must not hide behind one that is known. */
const typeOf = (errors: readonly StepError[]): StepError['type'] => {
  const types = errors.map(({ type }) => type);
  return types.find((type) => type === 'lost') ?? types[0] ?? 'internal';
};
