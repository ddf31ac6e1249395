import { chosenTargets } from '../chosen-targets.ts';
import { evaluate } from '../expression/evaluate.ts';
import type { Variables } from '../expression/variables.ts';
import { StepFailure } from '../failure.ts';
import { partsOfItems } from '../items/items-of.ts';
import type { Json, JsonObject } from '../json.ts';
import { type Part, partKey, shownItem, variablesOfPart } from '../parts.ts';
import type { Plan, PlannedLock, PlannedStep } from '../plan.ts';
import { seenSchedule } from '../schedules/context.ts';
import type { TargetChoice } from '../target-choice.ts';
import { type Ahead, isKnownAhead, renderAhead } from './known.ts';

/** What a run would do, as far as that is known before it starts. */
export interface RunAhead {
  readonly job: string;
  readonly locks: readonly LockAhead[];
  readonly steps: readonly StepAhead[];
}

/** Whether a step runs: `later` is decided by what others do. */
export type Runs = 'yes' | 'no' | 'later';

export interface StepAhead {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly needs: readonly string[];
  /** Where it stands: among the steps, or what runs when they fail, are cancelled or undone. */
  readonly on: 'steps' | 'failure' | 'cancel' | 'undo';
  readonly runs: Runs;
  /** Its condition, or why it does not run. */
  readonly why: string | null;
  /** Null: how many there are is decided at run time. */
  readonly parts: readonly PartAhead[] | null;
  readonly parts_total: number | null;
  readonly max_parallel: number | null;
  readonly locks: readonly LockAhead[];
  readonly rate: string | null;
  /** References only; values are known to the step alone. */
  readonly secrets: { readonly [name: string]: string };
  /** What keeps it from running as it is written. */
  readonly error: string | null;
}

/** One execution: on a target, for an item. */
export interface PartAhead {
  readonly key: string;
  readonly target: string | null;
  readonly item: Json;
  readonly config: JsonObject;
  /** Pointers into the config to what is decided at run time. */
  readonly later: readonly string[];
}

export interface LockAhead {
  readonly key: string;
  readonly max: number;
  readonly on_conflict: string;
}

/** Parts of all steps that are told of; of others there is the number. */
const MOST_PARTS = 2_000;

export interface AheadFacts {
  readonly parameters: JsonObject;
  readonly target: TargetChoice | null;
  /** The only steps that run; null: all. */
  readonly steps: readonly string[] | null;
}

/** The names that a choice of several targets stands for now; throws `StepFailure`. */
export type Resolve = (choice: TargetChoice, step: PlannedStep) => Promise<readonly string[]>;

/** Goes through a plan with what is known of a run, by the rules that the run itself follows; nothing is executed. */
export async function lookAhead(plan: Plan, facts: AheadFacts, resolve: Resolve): Promise<RunAhead> {
  const room = { parts: MOST_PARTS };
  const variables: Variables = {
    parameters: facts.parameters,
    target: typeof facts.target === 'string' ? facts.target : '',
    // A run that a person starts by the plan belongs to no schedule.
    schedule: seenSchedule(),
  };
  const look = (on: StepAhead['on']) => (step: PlannedStep) => stepAhead(step, on, { facts, variables, resolve, room });
  const undoing = plan.steps.flatMap(({ compensate }) => compensate ?? []);
  const steps: StepAhead[] = [];
  for (const [on, list] of [
    ['steps', plan.steps],
    ['undo', undoing],
    ['failure', plan.onFailure ?? []],
    ['cancel', plan.onCancel ?? []],
  ] as const) {
    for (const step of list) steps.push(await look(on)(step));
  }
  return { job: plan.job, locks: locksAhead(plan.locks, variables, plan.job), steps };
}

interface Looking {
  readonly facts: AheadFacts;
  readonly variables: Variables;
  readonly resolve: Resolve;
  readonly room: { parts: number };
}

async function stepAhead(step: PlannedStep, on: StepAhead['on'], looking: Looking): Promise<StepAhead> {
  const { runs, why } = conditionAhead(step, on, looking);
  const base = {
    id: step.id,
    name: step.name,
    type: step.type,
    needs: step.needs,
    on,
    runs,
    why,
    max_parallel: step.maxParallel ?? null,
    rate: step.rate ? `${step.rate.max} in ${step.rate.perMs} ms of ${step.rate.resource}` : null,
    secrets: step.secrets,
  };
  try {
    const parts = await partsAhead(step, looking);
    const shown = parts?.slice(0, Math.max(0, looking.room.parts)) ?? null;
    looking.room.parts -= shown?.length ?? 0;
    const made = shown?.map(({ part, n }) => partAhead(step, part, n, looking)) ?? null;
    const locks = locksAhead(step.locks, { ...looking.variables, ...(made?.[0]?.target && { target: made[0].target }) }, looking.facts);
    return { ...base, locks, parts: made, parts_total: parts?.length ?? null, error: null };
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    return { ...base, locks: [], parts: null, parts_total: null, error: error.message };
  }
}

function conditionAhead(
  step: PlannedStep,
  on: StepAhead['on'],
  { facts, variables }: Looking,
): { readonly runs: Runs; readonly why: string | null } {
  if (!step.enabled) return { runs: 'no', why: 'it is switched off in the definition' };
  if (on === 'steps' && facts.steps !== null && !facts.steps.includes(step.id)) return { runs: 'no', why: 'other steps were chosen' };
  if (on !== 'steps') return { runs: 'later', why: step.if };
  if (step.elseOf !== undefined) return { runs: 'later', why: `when the condition of ${step.elseOf} is false` };
  if (step.when === 'failure') return { runs: 'later', why: 'after a failure of what it needs' };
  if (step.if === null) return { runs: 'yes', why: null };
  if (!isKnownAhead(step.if)) return { runs: 'later', why: step.if };
  try {
    return { runs: evaluate(step.if, variables, `steps.${step.id}.if`) === true ? 'yes' : 'no', why: step.if };
  } catch (error) {
    if (error instanceof StepFailure) return { runs: 'later', why: error.message };
    throw error;
  }
}

interface Numbered {
  readonly part: Part;
  /** Null: the step is carried out in one piece. */
  readonly n: number | null;
}

/** What a step is taken apart into; null when only the run can tell. */
async function partsAhead(step: PlannedStep, { facts, variables, resolve }: Looking): Promise<readonly Numbered[] | null> {
  if (step.items) {
    const template: Json = 'foreach' in step.items ? step.items.foreach : step.items.matrix;
    if (renderKnown(template, variables, step.id).later.length > 0) return null;
    return partsOfItems(step, variables).map((part, n) => ({ part, n }));
  }
  if (!step.needsTarget) return [{ part: {}, n: null }];
  const choice = step.target ?? facts.target;
  if (choice === null)
    throw new StepFailure('invalid_input', `${step.type} needs a target and neither the step, the job nor the start names one`);
  if (renderKnown(choice as Json, variables, step.id).later.length > 0) return null;
  const chosen = chosenTargets(choice, variables, `steps.${step.id}.target`);
  if (typeof chosen === 'string') return [{ part: { target: chosen }, n: null }];
  return (await resolve(chosen, step)).map((target, n) => ({ part: { target }, n }));
}

const renderKnown = (value: Json, variables: Variables, id: string): Ahead => renderAhead(value, variables, { place: `steps.${id}` });

function partAhead(step: PlannedStep, part: Part, n: number | null, { facts, variables }: Looking): PartAhead {
  const seen = { ...variables, ...(n === null ? {} : variablesOfPart(part, n)) };
  const target = part.target ?? targetOfItem(step, facts, seen);
  const { value, later } = renderAhead(step.config, target === null ? seen : { ...seen, target }, {
    place: `steps.${step.id}.config`,
    code: step.code,
  });
  return {
    key: n === null ? step.id : partKey(step.id, n),
    target,
    item: shownItem(part),
    config: value as JsonObject,
    later,
  };
}

function targetOfItem(step: PlannedStep, facts: AheadFacts, variables: Variables): string | null {
  const choice = step.needsTarget ? (step.target ?? facts.target) : null;
  if (typeof choice !== 'string') return null;
  return String(renderAhead(choice, variables, { place: `steps.${step.id}.target` }).value);
}

const locksAhead = (locks: readonly PlannedLock[] = [], variables: Variables, of: string | AheadFacts): readonly LockAhead[] =>
  locks.map(({ by, max, onConflict }) => ({
    key:
      'key' in by
        ? String(renderAhead(by.key, variables, { place: 'concurrency.key' }).value)
        : by.per === 'job' && typeof of === 'string'
          ? `job:${of}`
          : `the ${by.per} of each`,
    max,
    on_conflict: onConflict,
  }));
