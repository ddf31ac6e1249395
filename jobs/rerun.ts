import { initialState, type PartState, type SkipReason, type StepState } from './apply-event.ts';
import { canonical } from './canonical.ts';
import { readsIn } from './expression/evaluate.ts';
import { hasExpression, partsOf } from './expression/scan.ts';
import { StepFailure } from './failure.ts';
import { partsOfItems } from './items/items-of.ts';
import { slicesOf, wantsSlices } from './items/slices.ts';
import { isFailure } from './items/tally.ts';
import { bytesAsJson, type Json, type JsonObject } from './json.ts';
import { LIMITS } from './limits.ts';
import { shownItem } from './parts.ts';
import type { Plan, PlannedStep } from './plan.ts';
import { outputsOf, variablesOf } from './run-variables.ts';
import type { TargetChoice } from './target-choice.ts';

/** Why a step of a re-run is executed instead of keeping its result. */
export const RUNS_BECAUSE = ['chosen', 'not_completed', 'new', 'changed', 'parameter', 'undone', 'each_run', 'upstream'] as const;
export type RunsBecause = (typeof RUNS_BECAUSE)[number];

/** A run's plan with what it is filled in with. */
export interface RunBasis {
  readonly plan: Plan;
  readonly parameters: JsonObject;
  readonly target: TargetChoice | null;
}

export interface RerunAsked {
  /** The run that is run again, and where its steps stood when it had ended (`earlierStates`). */
  readonly before: RunBasis & { readonly steps: { readonly [id: string]: StepState } };
  readonly now: RunBasis;
  /** Ids of steps to run again, with everything behind them; null: what did not complete. */
  readonly from: readonly string[] | null;
  /** A step in parts keeps those that completed. */
  readonly failedItemsOnly: boolean;
  /** The only steps that run at all; null: every one. */
  readonly chosen: readonly string[] | null;
}

/** What a re-run was asked, what it keeps of the run before, and why the rest runs. */
export interface RerunFacts {
  readonly from: readonly string[] | null;
  readonly failed_items_only: boolean;
  readonly kept: readonly string[];
  /** Steps that run again in some of their parts, with how many they keep. */
  readonly partly: readonly { readonly step: string; readonly kept: number; readonly of: number }[];
  readonly runs: readonly { readonly step: string; readonly because: RunsBecause; readonly message: string }[];
}

export interface RerunPlan {
  readonly facts: RerunFacts;
  /** Where the new run's steps stand when it begins, by their ids. */
  readonly steps: { readonly [id: string]: StepState };
}

interface Reason {
  readonly because: RunsBecause;
  readonly message: string;
}

/**
 * What a re-run keeps and what it runs. Closed under dependants: whatever needs a step that runs, runs. A result is kept only if the step is the
 * same in both plans, reads no parameter that has changed, and all it needs is kept.
 */
export function planRerun(asked: RerunAsked): RerunPlan {
  const { before, from, failedItemsOnly, chosen } = asked;
  const steps = asked.now.plan.steps.filter(({ id }) => chosen === null || chosen.includes(id));
  const reasons = withDependants(steps, new Map(steps.flatMap((step) => ownReason(step, asked))));
  const partly = failedItemsOnly ? steps.flatMap((step) => partlyKept(step, asked, reasons)) : [];
  const kept = steps.filter(({ id }) => !reasons.has(id));
  return {
    facts: {
      from,
      failed_items_only: failedItemsOnly,
      kept: kept.map(({ id }) => id),
      partly: partly.map(({ id, state }) => ({ step: id, kept: completedParts(state), of: state.parts?.length ?? 0 })),
      runs: steps.flatMap(({ id }) => {
        const reason = reasons.get(id);
        return reason ? [{ step: id, ...reason }] : [];
      }),
    },
    steps: Object.fromEntries([
      ...kept.map((step) => [step.id, folded(step, before.steps[step.id] as StepState)] as const),
      ...partly.map(({ id, state }) => [id, state] as const),
    ]),
  };
}

/** The ids among these that the plan has no step for. */
export const absentSteps = ({ steps }: Plan, ids: readonly string[]): readonly string[] =>
  ids.filter((wanted) => !steps.some(({ id }) => id === wanted));

/** Skips that came from the step itself or from a person, not from how others ended. */
const OWN_SKIPS: readonly SkipReason[] = ['condition', 'disabled', 'not_selected', 'person', 'expired'];

const isResult = (state: StepState): boolean =>
  state.status === 'completed' || (state.status === 'skipped' && OWN_SKIPS.includes(state.reason));

function ownReason(step: PlannedStep, asked: RerunAsked): readonly (readonly [string, Reason])[] {
  const reason = reasonOf(step, asked);
  return reason ? [[step.id, reason]] : [];
}

/** Why this step would run also if all it needs were kept; null when nothing about it asks for that. */
function reasonOf(step: PlannedStep, asked: RerunAsked): Reason | null {
  const { before, from } = asked;
  const state = before.steps[step.id];
  if (from?.includes(step.id)) return { because: 'chosen', message: 'it was chosen' };
  const changed = changeOf(step, asked);
  if (changed) return changed;
  if (!state) return { because: 'not_completed', message: 'it did not run' };
  if (!isResult(state)) return { because: 'not_completed', message: `it was ${state.status}` };
  if (state.status === 'skipped') return null;
  if (step.when === 'always' || step.when === 'failure')
    return { because: 'each_run', message: `it follows what else happens in a run (when: ${step.when})` };
  return step.compensate && before.steps[step.compensate.id] !== undefined
    ? { because: 'undone', message: 'what it did was undone' }
    : null;
}

/** What is not as it was about a step, in its plan or in what it reads. */
function changeOf(step: PlannedStep, { before, now }: RerunAsked): Reason | null {
  const earlier = before.plan.steps.find(({ id }) => id === step.id);
  if (!earlier) return { because: 'new', message: 'the version that ran before does not have it' };
  const fields = differingFields(essenceOf(earlier, before.target), essenceOf(step, now.target));
  if (fields.length > 0) return { because: 'changed', message: `its ${fields.join(', ')} changed` };
  const names = changedParameters(before.parameters, now.parameters);
  const read = names.length === 0 ? [] : names.filter(readsParameter(step, now.target));
  return read.length > 0 ? { because: 'parameter', message: `it reads ${read.map((name) => `parameters.${name}`).join(', ')}` } : null;
}

/** How a step is carried out, and where it stands, says nothing about what came of it. */
const MANNER = [
  'number',
  'name',
  'priority',
  'timeoutMs',
  'retry',
  'interventionMs',
  'locks',
  'rate',
  'maxParallel',
  'batch',
  'fail',
  'onError',
  'continueOnFailure',
  'inline',
  'compensate',
  // These follow from type and config.
  'code',
  'queue',
  'effect',
  'reattaches',
] as const satisfies readonly (keyof PlannedStep)[];

function essenceOf(step: PlannedStep, runTarget: TargetChoice | null): JsonObject {
  const fields = Object.entries(step as unknown as JsonObject).filter(([name]) => !(MANNER as readonly string[]).includes(name));
  const target = step.needsTarget ? (step.target ?? runTarget) : null;
  return { ...Object.fromEntries(fields), needs: [...step.needs].sort(), target: target as Json };
}

const differingFields = (a: JsonObject, b: JsonObject): readonly string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => canonical(a[name] ?? null) !== canonical(b[name] ?? null));

const changedParameters = (before: JsonObject, now: JsonObject): readonly string[] => differingFields(before, now);

/** Whether the step's own expressions read a parameter; one that cannot be read, or goes through all of them, reads each. */
function readsParameter(step: PlannedStep, runTarget: TargetChoice | null): (name: string) => boolean {
  const target = step.needsTarget ? (step.target ?? runTarget) : null;
  const templates = [...textsIn([step.config, target as Json, (step.items ?? null) as Json])].flatMap(sourcesOf);
  const reads = [...templates, ...(step.if === null ? [] : [step.if])].map(readsIn);
  const ofParameters = reads.map((read) => (read === null ? null : read.parts.get('parameters')));
  return (name) => ofParameters.some((read) => read === null || (read !== undefined && (read.whole || read.parts.has(name))));
}

function* textsIn(value: Json): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) yield* textsIn(item as Json);
}

const sourcesOf = (text: string): readonly string[] =>
  hasExpression(text) ? partsOf(text).flatMap((part) => ('source' in part ? [part.source] : [])) : [];

/** The reasons, and those of every step behind one of them. */
function withDependants(steps: readonly PlannedStep[], own: ReadonlyMap<string, Reason>): ReadonlyMap<string, Reason> {
  const reasons = new Map(own);
  const dependants = Map.groupBy(
    steps.flatMap((step) => upstreamOf(step).map((need) => ({ need, id: step.id }))),
    ({ need }) => need,
  );
  const open = [...reasons.keys()];
  for (let need = open.pop(); need !== undefined; need = open.pop()) {
    for (const { id } of dependants.get(need) ?? []) {
      if (reasons.has(id)) continue;
      reasons.set(id, { because: 'upstream', message: `step ${need}, which it needs, runs again` });
      open.push(id);
    }
  }
  return reasons;
}

const upstreamOf = ({ needs, elseOf }: PlannedStep): readonly string[] => (elseOf === undefined ? needs : [...needs, elseOf]);

/** The state of a step in parts that begins with those that completed; none unless everything they came from is as it was. */
function partlyKept(
  step: PlannedStep,
  asked: RerunAsked,
  reasons: ReadonlyMap<string, Reason>,
): readonly { readonly id: string; readonly state: StepState }[] {
  const state = asked.before.steps[step.id];
  const because = reasons.get(step.id)?.because;
  if (!state?.parts || (because !== 'chosen' && because !== 'not_completed')) return [];
  if (completedParts(state) === 0 || changeOf(step, asked) || upstreamOf(step).some((need) => reasons.has(need))) return [];
  const whole = step.items === undefined ? state.parts : withItems(step, state.parts, asked);
  const parts = whole?.map(({ state: one, ...part }) => (one?.status === 'completed' ? { ...part, state: one } : part));
  const slices = parts && wantsSlices(step, parts.length) ? slicesOf(step, parts.length) : null;
  if (!parts || slices?.some(({ from, count }) => bytesAsJson(parts.slice(from, from + count)) > LARGEST_SLICE)) return [];
  return [{ id: step.id, state: { status: 'running', attempts: 0, parts, ...(slices && { slices }) } }];
}

/** What the workflow of a slice may begin with. */
const LARGEST_SLICE = 1_000_000;

/** The parts with their items in full, as the step is taken apart again; null when those are not the same. */
function withItems(step: PlannedStep, parts: readonly PartState[], { before, now }: RerunAsked): readonly PartState[] | null {
  const facts = { run: '', job: now.plan.job, started_at: '', parameters: now.parameters, target: now.target };
  try {
    const again = partsOfItems(step, variablesOf({ ...initialState(facts), steps: before.steps }));
    if (again.length !== parts.length) return null;
    return again.every((part, n) => parts[n]?.state === undefined || canonical(shownItem(part)) === canonical(parts[n].item ?? null))
      ? again.map((part, n) => ({ ...part, ...(parts[n]?.state && { state: parts[n].state }) }))
      : null;
  } catch (error) {
    if (error instanceof StepFailure) return null;
    throw error;
  }
}

/** A kept step of so many parts that they had workflows of their own: only what they hand on together goes on. */
function folded(step: PlannedStep, state: StepState): StepState {
  const { parts = [] } = state;
  if (!wantsSlices(step, parts.length)) return state;
  const outputs = outputsOf(state) as readonly JsonObject[];
  const failed = parts.filter(({ state: one }) => isFailure(one?.status)).length;
  const told = { atWork: 0, over: parts.length, completed: completedParts(state), failed, waiting: [], failedParts: [], errors: [] };
  return {
    ...state,
    parts: parts.map(({ target }) => (target === undefined ? {} : { target })),
    slices: [
      {
        from: 0,
        count: parts.length,
        status: 'over',
        told: { ...told, outputs: bytesAsJson(outputs) <= LIMITS.partsOutputBytes ? outputs : null },
      },
    ],
  };
}

const completedParts = ({ parts = [] }: StepState): number => parts.filter(({ state }) => state?.status === 'completed').length;
