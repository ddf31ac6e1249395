import { isStopping, type StepState } from '../apply-event.ts';
import type { View } from '../begin-step.ts';
import { LIMITS } from '../limits.ts';
import type { Decision } from '../next-steps.ts';
import type { PlannedStep } from '../plan.ts';
import { conclusion } from './conclusion.ts';
import { sizeOfGroup, tolerated } from './part-policy.ts';
import { type Slice, tallyOfSlices } from './slices.ts';

/** What a step in slices does at this moment: begin the next slice, or several side by side; rest between groups; stop when too many parts failed; or end. */
export function nextSlices(step: PlannedStep, { state, now }: Pick<View, 'state' | 'now'>): readonly Decision[] {
  const own = state.steps[step.id];
  if (!own?.parts || !own.slices) return [];
  const { slices } = own;
  const total = own.parts.length;
  const running = slices.filter(({ status }) => status === 'running');
  const next = slices.findIndex(({ status }) => status === 'open');
  const slice = slices[next];
  if (running.length === 0 && (slice === undefined || isStopping(state))) return [conclusion(step, own, isStopping(state))];
  if (isStopping(state) || slice === undefined) return [];
  const { failed } = tallyOfSlices(slices, total);
  if (step.fail && step.fail.mode !== 'continue' && failed > tolerated(step, total)) return [{ do: 'stop_parts', step, abort: false }];
  const lanes = lanesOf(step, own);
  const busy = running.filter((one) => step.maxParallel != null || !isAtRest(one)).length;
  if (busy >= lanes) return [];
  const group = groupBefore(step, slice, total);
  const begun = slices.map((_, n) => n).slice(next, next + lanes - busy);
  const start = state.paused ? [] : begun.filter((n) => slices[n]?.status === 'open').map((n) => startOf(step, n, lanes));
  if (group === null || !step.batch || step.batch.pauseMs === 0) return start;
  const rest = own.rest?.before === group ? own.rest : undefined;
  if (rest === undefined) return [{ do: 'rest', step, rest: { before: group, until: now + step.batch.pauseMs } }];
  if (rest.until === null) return start;
  return now < rest.until ? [] : [{ do: 'rest', step, rest: { ...rest, until: null } }, ...start];
}

/** Whether all that is left of a slice waits for maintenance windows; where nobody said how many parts may be at work, another one goes on beside it. */
const isAtRest = ({ count, told }: Slice): boolean =>
  told?.shut !== undefined && told.atWork === 0 && told.shut + told.over + told.waiting.length === count;

/** Parts that all slices under way have at work at most, and each of them. */
const mostOf = ({ maxParallel }: PlannedStep): number => Math.min(maxParallel ?? LIMITS.partsAtOnce, LIMITS.partsAtOnce);

/**
 * How many slices are under way at a time: one, unless so many parts may be that one has not enough, and nothing that happens in one matters to the
 * others. Where parts may wait for days, all are if they can, each with its share: none waits until the windows of another one have opened.
 */
function lanesOf(step: PlannedStep, { slices = [], windowed }: StepState): number {
  if (step.batch || (step.fail && step.fail.mode !== 'continue')) return 1;
  const needed = Math.ceil(mostOf(step) / LIMITS.partsOfSlice);
  const mayWait = windowed && step.maxParallel != null && step.onClosed === undefined;
  return mayWait ? Math.max(needed, Math.min(slices.length, mostOf(step))) : needed;
}

const startOf = (step: PlannedStep, slice: number, lanes: number): Decision => ({
  do: 'slice',
  step,
  slice,
  maxParallel: Math.max(1, Math.floor(mostOf(step) / lanes)),
});

/** The number of the group that begins with this slice and rests before; null when there is nothing to rest from. */
function groupBefore({ batch }: PlannedStep, { from }: Slice, total: number): number | null {
  if (!batch || from === 0) return null;
  const size = sizeOfGroup(batch.size, total);
  return from % size === 0 ? from / size : null;
}
