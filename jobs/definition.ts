import { boundViolations } from './bounds.ts';
import { ruleViolations } from './definition-rules.ts';
import { DEFINITION_SCHEMA } from './definition-schema.ts';
import type { EndStatus, FailMode, LockSubject, OnClosed, OnConflict, When } from './definition-words.ts';
import type { FailureType } from './failure.ts';
import type { Json, JsonObject, JsonSchema } from './json.ts';
import { violations } from './json-schema.ts';
import { LIMITS } from './limits.ts';
import { InvalidInput, type Problem } from './problem.ts';
import { type Locate, located, readSource } from './source.ts';
import type { SpecsByType } from './step.ts';
import { take } from './take.ts';
import type { TargetChoice } from './target-choice.ts';

/** A job as a person writes it, after parsing and validation; every text may hold `${{ … }}` only where the schema allows it. */
export interface JobDefinition {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly category?: string;
  readonly tags?: readonly string[];
  readonly timezone?: string;
  /** 1 most urgent … 10; default 5. */
  readonly priority?: number;
  readonly parameters?: { readonly [name: string]: ParameterSchema };
  /** An inactive job is not started; absent: active. */
  readonly active?: boolean;
  readonly limits?: { readonly timeout?: string; readonly concurrency?: LockDefinition | readonly LockDefinition[] };
  /** What must be true of the parameters before a run is accepted. */
  readonly checks?: readonly CheckDefinition[];
  /** Runs of other jobs whose ends start this one. */
  readonly triggers?: readonly TriggerDefinition[];
  /** The default target of steps that need one and name none. */
  readonly target?: TargetChoice;
  readonly steps: readonly StepDefinition[];
  /** One after the other once the run has failed, or was cancelled, and what could be compensated was. */
  readonly on_failure?: readonly HandlerDefinition[];
  readonly on_cancel?: readonly HandlerDefinition[];
  readonly outputs?: { readonly [name: string]: string };
}

/** How many runs or steps may hold a key at a time. */
export interface LockDefinition {
  /** A text, which may hold expressions; either this or `per`. */
  readonly key?: string;
  readonly per?: LockSubject;
  readonly max?: number;
  readonly on_conflict?: OnConflict;
}

/** So many starts in each span of time, over all runs that name the resource. */
export interface RateDefinition {
  readonly resource: string;
  readonly max: number;
  readonly per: string;
}

export interface CheckDefinition {
  /** An expression over the parameters; true lets the run start. */
  readonly condition: string;
  readonly message: string;
  /** Whether a run is refused or only warned of; absent: block. */
  readonly behavior?: 'block' | 'warn';
}

export interface TriggerDefinition {
  /** The job whose end starts this one, or all those that must have ended. */
  readonly job: string | readonly string[];
  /** Absent: completed. */
  readonly on?: readonly EndStatus[];
  /** For several jobs: how close together they must end. */
  readonly within?: string;
  /** An expression over `source`, the run that ended. */
  readonly if?: string;
  readonly parameters?: { readonly [name: string]: Json };
}

/** A parameter's JSON Schema; without `default` it is required. */
export interface ParameterSchema extends JsonSchema {
  /** Sealed for this run, gone when it ends. */
  readonly secret?: boolean;
  /** Place among the others in a form, and the heading it stands under. */
  readonly order?: number;
  readonly group?: string;
  /** An expression over the other parameters; while false the parameter is not asked for and takes its default, if it has one. */
  readonly visible_if?: string;
  readonly choices?: ChoicesDefinition;
}

/** Where the values come from that a person chooses among; exactly one source. */
export interface ChoicesDefinition {
  readonly values?: readonly Json[];
  /** The names of these targets. */
  readonly targets?: TargetChoice;
  /** A list in the outputs of the last completed run of a job. */
  readonly job?: { readonly name: string; readonly output: string };
  /** A list in what an address answers; `items` is an expression over `result`. */
  readonly http?: { readonly url: string; readonly items?: string };
  /** Parameters that the source's expressions read. */
  readonly depends_on?: readonly string[];
  /** How long an answer is used again. */
  readonly cache?: string;
  /** The value must be among the choices when the run starts. */
  readonly strict?: boolean;
}

export interface StepDefinition {
  readonly id: string;
  readonly name?: string;
  readonly type: string;
  /** Ids of the steps that must have ended; absent: the step before; `[]`: starts at once. */
  readonly needs?: readonly string[];
  readonly if?: string;
  /** The step whose `if` must have been false. */
  readonly else_of?: string;
  /** After success of what it needs, after a failure of it, or in any case and last of all; absent: success. */
  readonly when?: When;
  readonly target?: TargetChoice;
  /** A list, or an expression that gives one: the step is carried out once for each `item`. */
  readonly foreach?: string | readonly Json[];
  /** Once for each combination, which expressions see as `matrix`. */
  readonly matrix?: MatrixDefinition;
  /** Items or targets at a time; 10 items, or all targets, when absent. */
  readonly max_parallel?: number;
  readonly order?: 'given' | 'reverse';
  /** In groups, each begun when the one before has ended and a pause is over. */
  readonly batch?: { readonly size: number | string; readonly pause?: string };
  /** What failed items mean for those not begun, and how many of them the step bears; absent: continue, 0. */
  readonly fail?: { readonly mode?: FailMode; readonly tolerate?: number | string };
  readonly config?: JsonObject;
  readonly timeout?: string;
  readonly retry?: RetryDefinition;
  readonly inline?: boolean;
  readonly continue_on_failure?: boolean;
  readonly on_error?: 'fail' | 'wait';
  /** What becomes of it while its target is outside of its maintenance windows; absent: wait. */
  readonly on_closed?: OnClosed;
  /** How long a person is waited for, with `on_error: wait`; absent: as long as the run lasts. */
  readonly intervention_timeout?: string;
  /** What undoes this step, once it has completed and the run ends badly. */
  readonly compensate?: CompensationDefinition;
  readonly concurrency?: LockDefinition | readonly LockDefinition[];
  readonly rate?: RateDefinition;
  readonly outputs?: { readonly [name: string]: string };
  /** Environment name → `credential.field`. */
  readonly secrets?: { readonly [name: string]: string };
  readonly priority?: number;
  readonly enabled?: boolean;
}

/** Axes by name, each a list or an expression that gives one; `include` adds combinations or fields to them, `exclude` takes away. */
export interface MatrixDefinition {
  readonly [axis: string]: string | readonly Json[];
}

/** A step without an id of its own, which is that of its type when absent. */
export type HandlerDefinition = Omit<
  StepDefinition,
  'id' | 'needs' | 'else_of' | 'when' | 'compensate' | 'inline' | 'on_error' | 'intervention_timeout'
> & { readonly id?: string };

export type CompensationDefinition = Pick<
  StepDefinition,
  'name' | 'type' | 'target' | 'config' | 'timeout' | 'retry' | 'secrets' | 'outputs'
>;

export interface RetryDefinition {
  readonly attempts?: number;
  readonly delay?: string;
  readonly backoff?: number;
  readonly max_delay?: string;
  readonly on?: readonly FailureType[];
}

/** A definition with everything found wrong with it; with an error among the problems it must be neither saved nor compiled. */
export interface CheckedDefinition {
  readonly definition: JobDefinition;
  readonly problems: readonly Problem[];
}

/** A definition's text (YAML or JSON) read and checked against the step types there are; never throws for what a person wrote. */
export function parseDefinition(text: string, specs: SpecsByType): CheckedDefinition {
  try {
    const { value, locate } = readSource(text);
    return check(value, specs, locate);
  } catch (error) {
    if (error instanceof InvalidInput) return { definition: UNREADABLE, problems: error.problems };
    throw error;
  }
}

const UNREADABLE: JobDefinition = { name: '', steps: [] };

/** A definition that is data already, checked; `locate` adds line and column where it came as text. At most 100 problems, in the order of the text. */
export function validateDefinition(value: Json, specs: SpecsByType, locate: Locate = () => null): CheckedDefinition {
  const bounds = [...take(boundViolations(value), LIMITS.problems)];
  return bounds.length > 0 ? { definition: UNREADABLE, problems: located(bounds, locate) } : check(value, specs, locate);
}

function check(value: Json, specs: SpecsByType, locate: Locate): CheckedDefinition {
  const shape = [...take(violations(DEFINITION_SCHEMA, value, '', { root: DEFINITION_SCHEMA }), LIMITS.problems)];
  if (!isObject(value)) return { definition: UNREADABLE, problems: located(shape, locate) };
  const rules = take(ruleViolations(value, specs, shape), LIMITS.problems - shape.length);
  const problems = located([...shape, ...rules], locate);
  return { definition: value as unknown as JobDefinition, problems: [...problems].sort(byPlace) };
}

const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const byPlace = (a: Problem, b: Problem): number => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
