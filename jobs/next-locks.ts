import { isOver, isStopping, type OneState, type RunState, stepAt } from './apply-event.ts';
import { render } from './expression/render.ts';
import type { Variables } from './expression/variables.ts';
import { type StepError, StepFailure, stepFailure } from './failure.ts';
import type { Json } from './json.ts';
import { LIMITS } from './limits.ts';
import type { LockState, LockWish, Wishes } from './lock-state.ts';
import type { Decision } from './next-steps.ts';
import { partOf, variablesOfPart } from './parts.ts';
import { allSteps, type Plan, type PlannedLock, type PlannedStep } from './plan.ts';

/** What a run does about its keys. `owner` is a step's or part's key, empty for the run itself. */
export type LockDecision =
  | { readonly do: 'lock'; readonly owner: string; readonly wishes: Wishes }
  | { readonly do: 'unlock'; readonly owner: string }
  /** Its moment has come: the step begins. */
  | { readonly do: 'admit'; readonly owner: string };

/** Whether anything in the plan needs a key or shares a rate. */
export const hasLocks = (plan: Plan): boolean => plan.locks !== undefined || allSteps(plan).some(isGuarded);

const isGuarded = ({ locks, rate }: PlannedStep): boolean => locks !== undefined || rate !== undefined;

type Begin = Extract<Decision, { do: 'start' | 'hold' }>;
const BEGINNINGS: readonly Decision['do'][] = ['start', 'hold', 'expand', 'slice'];
const begins = (decision: Decision): boolean => BEGINNINGS.includes(decision.do);

/** What the run would do next, where nothing begins before it has what it needs, and what has ended holds nothing. */
export function guarded(
  plan: Plan,
  state: RunState,
  now: number,
  decisions: readonly Decision[],
  variables: () => Variables,
): readonly Decision[] {
  if (decisions.some(({ do: what }) => what === 'finish')) return decisions;
  const whole = plan.locks ? forRun(plan, plan.locks, state, now, decisions, variables) : null;
  if (whole) return whole;
  const own = locksInOrder(plan, state).flatMap(([owner, lock]) => forOwner(state, now, owner, lock));
  const others = decisions.flatMap((decision) => guard(decision, state, variables));
  const doing = [...own, ...others].filter(({ do: what }) => what !== 'wait');
  if (doing.length > 0) return doing;
  return others.length > 0 ? others : [{ do: 'wait', for: 'hold' }];
}

/** The locks of steps and parts, in the order of the plan, whichever of them came first. */
function locksInOrder(plan: Plan, { locks = {} }: RunState): readonly (readonly [owner: string, lock: LockState])[] {
  const owners = Object.entries(locks).filter(([owner]) => owner !== '');
  if (owners.length < 2) return owners;
  const places = new Map(allSteps(plan).map(({ id }, place) => [id, place] as const));
  const placed = owners.map((one) => ({ one, part: partOf(one[0]) }));
  const placeOf = ({ one: [owner], part }: (typeof placed)[number]): number => places.get(part?.whole ?? owner) ?? places.size;
  return placed.sort((a, b) => placeOf(a) - placeOf(b) || (a.part?.n ?? 0) - (b.part?.n ?? 0)).map(({ one }) => one);
}

/** What the run itself needs before its first step; null when it has that, or nothing begins. */
function forRun(
  plan: Plan,
  wanted: readonly PlannedLock[],
  state: RunState,
  now: number,
  decisions: readonly Decision[],
  variables: () => Variables,
): readonly Decision[] | null {
  const lock = state.locks?.[''];
  if (lock?.status === 'granted') return null;
  const unwinding = decisions.find(({ do: what }) => what === 'unwind');
  const ending = unwinding?.do === 'unwind' ? unwinding.ending : state.ending;
  if (lock?.status === 'refused') {
    const { status, error } = ending ?? { status: lock.end, error: lock.message };
    return [{ do: 'finish', status, error, result: null }];
  }
  // Who ends in line has begun nothing that is to be undone, and handles nothing without its keys.
  if (lock !== undefined && unwinding && ending) return [{ do: 'finish', status: ending.status, error: ending.error, result: null }];
  if (isStopping(state)) return null;
  if (lock?.status === 'waiting' && isDue(lock.hold.askAt, now)) return [{ do: 'lock', owner: '', wishes: lock.wishes }];
  if (!decisions.some(begins)) return null;
  if (lock !== undefined) return [{ do: 'wait', for: 'hold' }];
  try {
    const targets = typeof state.facts.target === 'string' ? state.facts.target : null;
    const locks = wanted.map((one) => wishOf(one, plan.job, targets, variables(), 'limits.concurrency'));
    return [{ do: 'lock', owner: '', wishes: { locks, rate: null } }];
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    return [{ do: 'finish', status: 'failed', error: error.message, result: null }];
  }
}

const isDue = (moment: number | null, now: number): boolean => moment !== null && moment <= now;

/** What becomes of keys that a step holds or waits for. */
function forOwner(state: RunState, now: number, owner: string, lock: LockState): readonly LockDecision[] {
  if (lock.status !== 'granted' && lock.status !== 'waiting') return [];
  const own = stepAt(state, owner);
  // Nobody is kept waiting by what a person holds back.
  const isHeldBack = own?.status === 'retry' && state.paused && !state.ending;
  if (isDone(own) || isHeldBack || isShut(own)) return [{ do: 'unlock', owner }];
  if (own?.status !== 'held') return [];
  if (own.hold.kind === 'rate' && own.hold.until <= now) return [{ do: 'admit', owner }];
  if (lock.status !== 'waiting' || own.hold.kind !== 'lock' || !isDue(own.hold.askAt, now)) return [];
  return [{ do: 'lock', owner, wishes: lock.wishes }];
}

/** A step that waits for a person keeps nobody from going on. */
const isDone = (own: OneState | undefined): boolean => own === undefined || own.status === 'waiting' || isOver(own);

/** Nobody is kept waiting until the window of another one's target opens. */
const isShut = (own: OneState | undefined): boolean => own?.status === 'held' && own.hold.kind === 'window';

/** Nothing that needs a key begins without it. */
function guard(decision: Decision, state: RunState, variables: () => Variables): readonly Decision[] {
  if ((decision.do !== 'start' && decision.do !== 'hold') || !isGuarded(decision.step)) return [decision];
  const lock = state.locks?.[decision.key];
  if (lock?.status === 'granted') return [decision];
  if (lock !== undefined) return [];
  try {
    return [{ do: 'lock', owner: decision.key, wishes: wishesOf(decision, state, variables()) }];
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    return [
      { do: 'fail', step: decision.step, key: decision.key, error: { type: error.type, message: error.message } satisfies StepError },
    ];
  }
}

function wishesOf({ step, key, target }: Begin, state: RunState, run: Variables): Wishes {
  const part = partOf(key);
  const whole = part && state.steps[part.whole];
  const own = part && whole?.parts?.[part.n - (whole.within?.offset ?? 0)];
  const variables = { ...run, ...(target !== null && { target }), ...(own && variablesOfPart(own, part.n)) };
  const place = `steps.${step.id}`;
  return {
    locks: (step.locks ?? []).map((lock) => wishOf(lock, state.facts.job, target, variables, `${place}.concurrency`)),
    rate: step.rate
      ? {
          resource: textOf(step.rate.resource, variables, `${place}.rate.resource`),
          max: step.rate.max,
          perMs: step.rate.perMs,
        }
      : null,
  };
}

function wishOf({ by, max, onConflict }: PlannedLock, job: string, target: string | null, variables: Variables, place: string): LockWish {
  if ('key' in by) return { by: { key: textOf(by.key, variables, `${place}.key`) }, max, onConflict };
  if (by.per === 'job') return { by: { key: `job:${job}` }, max, onConflict };
  if (target === null) throw stepFailure('invalid_input', `${place}.per: there is no one ${by.per} here; write a key`);
  return { by: by.per === 'target' ? { key: `target:${target}` } : { credentialOf: target }, max, onConflict };
}

function textOf(template: string, variables: Variables, place: string): string {
  const value: Json = render(template, variables, { place });
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (text.trim() === '' || text.length > LIMITS.lockKey) {
    throw stepFailure('invalid_input', `${place}: a text of 1 to ${LIMITS.lockKey} characters is expected, not one of ${text.length}`);
  }
  // Postgres stores none, and the run would ask for ever.
  if (text.includes('\u0000')) throw stepFailure('invalid_input', `${place}: text must not hold NUL characters`);
  return text;
}
