import {
  type Ending,
  isHeld,
  isOpen,
  isOver,
  isStopping,
  needsPerson,
  type Rest,
  type RunState,
  type SkipReason,
  type StepState,
  worksOf,
} from './apply-event.ts';
import { decide, type View } from './begin-step.ts';
import type { ManyTargets } from './chosen-targets.ts';
import type { EndStatus } from './definition-words.ts';
import type { StepError } from './failure.ts';
import { finishOf } from './finish.ts';
import { gateOf, isPutOff } from './gate.ts';
import { dueHolds } from './holds/due.ts';
import type { HoldMove } from './holds/kind.ts';
import { tallyOfStep } from './items/slices.ts';
import { bytesAsJson, type Json, type JsonObject } from './json.ts';
import { LIMITS } from './limits.ts';
import { guarded, hasLocks, type LockDecision } from './next-locks.ts';
import { roomIn } from './next-parts.ts';
import { once } from './once.ts';
import type { Part, PartVariables } from './parts.ts';
import { endingOf, lateSteps } from './phases.ts';
import type { Plan, PlannedStep } from './plan.ts';
import { variablesOf } from './run-variables.ts';

/** What a run does next. `wait` names what it waits for; `finish` is the last decision of a run. */
export type Decision =
  /** `key` is the step's, or that of one of its parts. */
  | (Begin & { readonly do: 'start' })
  /** A step that the run itself carries out begins. */
  | (Begin & { readonly do: 'hold' })
  /** A step or part that waited ends, or waits for something else. */
  | { readonly do: 'move'; readonly step: PlannedStep; readonly key: string; readonly move: HoldMove }
  /** Nobody came in time to a step that had failed. */
  | { readonly do: 'give_up'; readonly step: PlannedStep; readonly key: string; readonly error: StepError; readonly attempts: number }
  /** Look up the targets, and take the step apart into one part for each. */
  | { readonly do: 'expand'; readonly step: PlannedStep; readonly choice: ManyTargets }
  /** The step is taken apart into parts that need no looking up. */
  | { readonly do: 'divide'; readonly step: PlannedStep; readonly parts: readonly Part[] }
  /** All parts have completed, and so has their step. */
  | { readonly do: 'complete'; readonly step: PlannedStep }
  | { readonly do: 'skip'; readonly step: PlannedStep; readonly reason: SkipReason }
  /** `isFinal`: nobody is waited for, whatever the step says. */
  | { readonly do: 'fail'; readonly step: PlannedStep; readonly key: string; readonly error: StepError; readonly isFinal?: true }
  /** The next group of a step's parts rests until a moment; null: no more. */
  | { readonly do: 'rest'; readonly step: PlannedStep; readonly rest: Rest }
  /** No more of a step's parts begin, and with `abort` those under way are to end. */
  | { readonly do: 'stop_parts'; readonly step: PlannedStep; readonly abort: boolean }
  /** A workflow of its own carries out these parts of a step, so many at a time. */
  | { readonly do: 'slice'; readonly step: PlannedStep; readonly slice: number; readonly maxParallel: number }
  | LockDecision
  | { readonly do: 'wait'; readonly for: 'steps' | 'hold' | 'intervention' | 'resume' }
  /** The run ends badly, and before it does something is to be undone, handled or cleaned up. */
  | { readonly do: 'unwind'; readonly ending: Ending }
  | { readonly do: 'finish'; readonly status: EndStatus; readonly error: string | null; readonly result: Json };

interface Begin {
  readonly step: PlannedStep;
  readonly key: string;
  readonly config: JsonObject;
  readonly target: string | null;
  /** The item that a part is about, and its place. */
  readonly part?: PartVariables;
}

/** What the run does next at this moment (epoch milliseconds), in definition order: start or skip these steps, wait, or end. Same plan, state and moment, same answer. */
export function nextSteps(plan: Plan, state: RunState, now: number): readonly Decision[] {
  // Building what expressions see costs as much as the run is long, and most passes need it for one step or none.
  const view: View = { plan, state, now, variables: once(() => variablesOf(state)), room: once(() => roomIn(state)) };
  const decisions = decisionsOf(view);
  return hasLocks(plan) ? guarded(plan, state, now, decisions, view.variables) : decisions;
}

function decisionsOf(view: View): readonly Decision[] {
  const { plan, state, now } = view;
  const decisions = [...dueHolds(plan, state, now), ...(state.ending ? lateSteps(view, state.ending) : mainSteps(view))];
  if (decisions.length > 0) return decisions;
  const wait = waitOf(plan, state);
  if (wait !== null) return [{ do: 'wait', for: wait }];
  const finish = finishOf(plan, state);
  const ending = endingOf(view, finish);
  return [ending === null ? finish : { do: 'unwind', ending }];
}

const mainSteps = (view: View): readonly Decision[] => askedAtOnce(view.plan.steps.flatMap((step) => decide(step, view, gateOf)));

/** As many whole steps as may be asked for in one message, and at least one of them; the others begin when something has ended. */
function askedAtOnce(decisions: readonly Decision[]): readonly Decision[] {
  let bytes = 0;
  return decisions.filter((decision) => {
    if (decision.do !== 'start' || decision.key !== decision.step.id) return true;
    const own = bytesAsJson(decision.config);
    if (bytes > 0 && bytes + own > LIMITS.partBytesAtOnce) return false;
    bytes += own;
    return true;
  });
}

/** What a run waits for that can do nothing now; null: nothing, it has come to its end, or to that of what it does unless it ends badly. */
function waitOf(plan: Plan, state: RunState): Extract<Decision, { do: 'wait' }>['for'] | null {
  const steps = Object.values(state.steps);
  if (steps.some((step) => worksOf(step) > 0)) return 'steps';
  if (isStopping(state)) return null;
  if (steps.some(isHeld)) return 'hold';
  if (state.paused && !state.ending && plan.steps.some((step) => isUnfinished(state.steps[step.id]) && !isPutOff(step.id, { plan, state })))
    return 'resume';
  return steps.some(needsPerson) ? 'intervention' : null;
}

const isUnfinished = (step: StepState | undefined): boolean =>
  isOpen(step) || (step !== undefined && !isOver(step) && (tallyOfStep(step)?.open ?? 0) > 0);
