import { boundViolations } from './bounds.ts';
import { ruleViolations } from './definition-rules.ts';
import { DEFINITION_SCHEMA } from './definition-schema.ts';
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
  readonly limits?: { readonly timeout?: string };
  /** The default target of steps that need one and name none. */
  readonly target?: TargetChoice;
  readonly steps: readonly StepDefinition[];
  readonly outputs?: { readonly [name: string]: string };
}

/** A parameter's JSON Schema; without `default` it is required. */
export interface ParameterSchema extends JsonSchema {
  readonly secret?: boolean;
}

export interface StepDefinition {
  readonly id: string;
  readonly name?: string;
  readonly type: string;
  /** Ids of the steps that must have ended; absent: the step before; `[]`: starts at once. */
  readonly needs?: readonly string[];
  readonly if?: string;
  readonly target?: TargetChoice;
  /** Targets it runs on at a time; all at once when absent. */
  readonly max_parallel?: number;
  readonly config?: JsonObject;
  readonly timeout?: string;
  readonly retry?: RetryDefinition;
  readonly inline?: boolean;
  readonly continue_on_failure?: boolean;
  readonly on_error?: 'fail' | 'wait';
  readonly outputs?: { readonly [name: string]: string };
  /** Environment name → `credential.field`. */
  readonly secrets?: { readonly [name: string]: string };
  readonly priority?: number;
  readonly enabled?: boolean;
}

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
