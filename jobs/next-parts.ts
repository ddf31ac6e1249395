import { isOpen, isStopping, type PartState, type Rest, type RunState, type StepState, worksOf } from './apply-event.ts';
import { StepFailure } from './failure.ts';
import { conclusion } from './items/conclusion.ts';
import { partAtPlace, sizeOfGroup, tolerated } from './items/part-policy.ts';
import { type Tally, tallyOf } from './items/tally.ts';
import { bytesAsJson, type JsonObject } from './json.ts';
import { LIMITS } from './limits.ts';
import type { Decision } from './next-steps.ts';
import { type Part, type PartVariables, partKey, variablesOfPart } from './parts.ts';
import type { PlannedStep } from './plan.ts';

/** What can still be begun at once, over all steps of a run. */
export interface Room {
  parts: number;
  bytes: number;
}

/** The room that the parts under way leave; their bytes are counted by whoever knows the size of theirs. */
export const roomIn = ({ steps }: RunState): Room => {
  const atWork = Object.values(steps).reduce((sum, step) => sum + (step.parts && !step.slices ? worksOf(step) : 0), 0);
  return { parts: LIMITS.partsAtOnce - atWork, bytes: LIMITS.partBytesAtOnce };
};

/** Fills in the config and the target of a step for one of its parts; throws `StepFailure`. */
export type RenderPart = (part: PartVariables, n: number) => { readonly config: JsonObject; readonly target: string | null };

/** What a step that was taken apart does at this moment: start parts in their order, as many as may run at a time; rest between groups; stop when too many failed; or end, when all parts have. */
export function nextParts(step: PlannedStep, state: RunState, now: number, room: () => Room, renderPart: RenderPart): readonly Decision[] {
  const own = state.steps[step.id];
  if (!own?.parts) return [];
  const tally = tallyOf(own.parts);
  if (tally.over === tally.total || (isStopping(state) && tally.atWork + tally.stopping === 0))
    return [conclusion(step, own, isStopping(state))];
  if (isStopping(state)) return [];
  if (hasTooManyFailed(step, own, tally)) return stop(step, own, tally);
  const slots = (step.maxParallel ?? Number.POSITIVE_INFINITY) - tally.atWork - (tally.held - tally.shut);
  if (tally.open === 0) return [];
  const group = groupOf(step, own.parts, tally);
  const pause = pauseOf(step, own, group, now);
  const mayBegin = pause.isOver && !state.paused && slots > 0;
  return mayBegin ? [...pause.says, ...begin(step, own, group, slots, tally.atWork, room(), renderPart)] : pause.says;
}

/** The pause before a new group: whether it is over, and what is to be said of it. One that has begun goes on to its end, whatever of the group a person skips meanwhile. */
function pauseOf(step: PlannedStep, { rest }: StepState, { number, isNew }: Group, now: number) {
  const says = (more: Rest): readonly Decision[] => [{ do: 'rest', step, rest: more }];
  const { batch } = step;
  if (typeof rest?.until === 'number' && now < rest.until) return { isOver: false, says: [] };
  if (isNew && batch && batch.pauseMs > 0 && rest?.before !== number) {
    return { isOver: false, says: says({ before: number, until: now + batch.pauseMs }) };
  }
  return { isOver: true, says: typeof rest?.until === 'number' ? says({ ...rest, until: null }) : [] };
}

/** Whether more parts have failed than the step bears, so that it is not to go on. */
const hasTooManyFailed = (step: PlannedStep, { parts = [], within }: StepState, { failed }: Tally): boolean =>
  step.fail !== undefined &&
  step.fail.mode !== 'continue' &&
  failed + (within?.failedBefore ?? 0) > tolerated(step, within?.total ?? parts.length);

function stop(step: PlannedStep, { aborted }: StepState, { open, atWork, held, waiting }: Tally): readonly Decision[] {
  const abort = step.fail?.mode === 'abort' && !aborted && atWork + held + waiting > 0;
  return open > 0 || abort ? [{ do: 'stop_parts', step, abort }] : [];
}

/** The group that parts are begun of: places in the order of beginning. */
interface Group {
  readonly number: number;
  readonly from: number;
  readonly to: number;
  /** None of its parts has begun, and others had before. */
  readonly isNew: boolean;
}

/** The first group that has not ended; all parts when they are not in groups. */
function groupOf(step: PlannedStep, parts: readonly PartState[], { total }: Tally): Group {
  if (!step.batch) return { number: 0, from: 0, to: total, isNew: false };
  const size = sizeOfGroup(step.batch.size, total);
  const stateAt = (place: number) => parts[partAtPlace(step, place, total)]?.state;
  let place = 0;
  while (place < total && isBehind(stateAt(place))) place += 1;
  const number = Math.floor(place / size);
  const from = number * size;
  const to = Math.min(total, from + size);
  let isNew = number > 0;
  for (let at = from; at < to && isNew; at += 1) isNew = stateAt(at) === undefined;
  return { number, from, to, isNew };
}

const isBehind = (state: PartState['state']): boolean =>
  state !== undefined && !isOpen(state) && state.status !== 'running' && state.status !== 'held' && state.status !== 'waiting';

/** As many parts of a group as there are slots and room for, at least one when none is at work. */
function begin(
  step: PlannedStep,
  { parts = [], within }: StepState,
  { from, to }: Group,
  slots: number,
  atWork: number,
  room: Room,
  renderPart: RenderPart,
): readonly Decision[] {
  const most = Math.max(0, Math.min(slots, room.parts));
  const decisions: Decision[] = [];
  let begun = 0;
  for (let place = from; place < to && decisions.length < most; place += 1) {
    const n = partAtPlace(step, place, parts.length);
    const part = parts[n];
    if (!part || !isOpen(part.state)) continue;
    const decision = startOf(step, part, (within?.offset ?? 0) + n, renderPart);
    decisions.push(decision);
    if (!('config' in decision)) continue;
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

function startOf(step: PlannedStep, part: Part, n: number, renderPart: RenderPart): Extract<Decision, { do: 'start' | 'hold' | 'fail' }> {
  const key = partKey(step.id, n);
  const { target: _, ...seen } = variablesOfPart(part, n);
  try {
    const rendered = renderPart(variablesOfPart(part, n), n);
    return { do: step.kind === 'workflow' ? 'hold' : 'start', step, key, ...rendered, ...(seen.index !== undefined && { part: seen }) };
  } catch (error) {
    if (error instanceof StepFailure) return { do: 'fail', step, key, error: { type: error.type, message: error.message } };
    throw error;
  }
}
