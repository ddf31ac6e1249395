import { initialState, type PartState, type RunState, type StepState } from './apply-event.ts';
import { canonical } from './canonical.ts';
import { StepFailure } from './failure.ts';
import { partsOfItems } from './items/items-of.ts';
import { slicesOf, wantsSlices } from './items/slices.ts';
import { isFailure } from './items/tally.ts';
import { bytesAsJson, type JsonObject } from './json.ts';
import { LIMITS } from './limits.ts';
import { shownItem } from './parts.ts';
import type { Plan, PlannedStep } from './plan.ts';
import { outputsOf, variablesOf } from './run-variables.ts';
import type { ScheduleContext } from './schedules/context.ts';
import type { TargetChoice } from './target-choice.ts';

/** What the workflow of a slice may begin with, in bytes. */
const LARGEST_SLICE = 1_000_000;

/** What the items of a step are made from. */
interface Basis {
  readonly plan: Plan;
  readonly parameters: JsonObject;
  readonly target: TargetChoice | null;
  readonly schedule?: ScheduleContext | undefined;
  readonly steps: RunState['steps'];
}

/** A step in parts as it begins with those that completed, or why it cannot. All it was made from must be as it was. */
export function partlyKept(
  step: PlannedStep,
  { parts: before = [] }: StepState,
  basis: Basis,
): { readonly state: StepState } | { readonly why: string } {
  const whole = step.items === undefined ? before : withItems(step, before, basis);
  if (whole === null) return { why: 'its items are others by now' };
  const parts = whole.map(({ state, ...part }) => (state?.status === 'completed' ? { ...part, state } : part));
  const slices = wantsSlices(step, parts.length) ? slicesOf(step, parts.length) : null;
  if (slices?.some(({ offset, count }) => bytesAsJson(parts.slice(offset, offset + count)) > LARGEST_SLICE))
    return { why: 'what they handed on is too large to be kept for some' };
  return { state: { status: 'running', attempts: 0, parts, ...(slices && { slices }) } };
}

/** The parts with their items in full, as the step is taken apart again; null when those are not the same. */
function withItems(
  step: PlannedStep,
  parts: readonly PartState[],
  { plan, parameters, target, schedule, steps }: Basis,
): readonly PartState[] | null {
  const facts = { run: '', job: plan.job, started_at: '', parameters, target, ...(schedule && { schedule }) };
  try {
    const again = partsOfItems(step, variablesOf({ ...initialState(facts), steps }));
    if (again.length !== parts.length) return null;
    const isSame = again.every(
      (part, n) => parts[n]?.state === undefined || canonical(shownItem(part)) === canonical(parts[n].item ?? null),
    );
    return isSame ? again.map((part, n) => ({ ...part, ...(parts[n]?.state && { state: parts[n].state }) })) : null;
  } catch (error) {
    if (error instanceof StepFailure) return null;
    throw error;
  }
}

/** A kept step of so many parts that they had workflows of their own: only what they hand on together goes on. Any other as it is. */
export function folded(step: PlannedStep, state: StepState): StepState {
  const { parts = [] } = state;
  if (!wantsSlices(step, parts.length)) return state;
  const outputs = outputsOf(state) as readonly JsonObject[];
  const failed = parts.filter(({ state: one }) => isFailure(one?.status)).length;
  const told = {
    atWork: 0,
    over: parts.length,
    completed: completedParts(state),
    failed,
    waiting: [],
    failedParts: [],
    errors: [],
    outputs: bytesAsJson(outputs) <= LIMITS.partsOutputBytes ? outputs : null,
  };
  return {
    ...state,
    parts: parts.map(({ target }) => (target === undefined ? {} : { target })),
    slices: [{ from: 0, offset: 0, count: parts.length, status: 'over', told }],
  };
}

/** How many parts of a step completed. */
export const completedParts = ({ parts = [] }: StepState): number => parts.filter(({ state }) => state?.status === 'completed').length;
