import type { FailureType } from './failure.ts';
import type { JsonObject, JsonSchema } from './json.ts';

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
  readonly target?: string;
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
  readonly target?: string;
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
