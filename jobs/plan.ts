import type { FailureType } from './failure.ts';
import type { Json, JsonObject } from './json.ts';
import type { Capability, Effect } from './step.ts';
import type { TargetChoice } from './target-choice.ts';

/** A definition compiled once per version: ordered, every default filled in, durations in milliseconds, secrets by reference only. */
export interface Plan {
  readonly job: string;
  readonly timeoutMs: number | null;
  readonly timezone: string | null;
  readonly priority: number;
  /** In definition order, which is also the order of decisions. */
  readonly steps: readonly PlannedStep[];
  /** Outputs of the run: name → template. */
  readonly outputs: { readonly [name: string]: Json };
}

export interface PlannedStep {
  readonly id: string;
  /** 1-based place in the definition. */
  readonly number: number;
  readonly name: string;
  readonly type: string;
  readonly needs: readonly string[];
  /** CEL source without `${{ }}`, or null. */
  readonly if: string | null;
  readonly enabled: boolean;
  readonly queue: Capability;
  readonly effect: Effect;
  /** Its work outlives a worker and is taken up again; absent in plans of before there was such a type. */
  readonly reattaches?: boolean;
  readonly needsTarget: boolean;
  /** Name of the target or a template for it, or which targets; null: the run's, for a type that needs one. */
  readonly target: TargetChoice | null;
  /** Parts of a step on several targets that run at a time; null: all. Absent in older plans. */
  readonly maxParallel?: number | null;
  /** May hold templates; rendered when the step starts. */
  readonly config: JsonObject;
  /** Places in `config` (JSON pointers) whose text a machine executes: no rendered value may break out of them. */
  readonly code: readonly string[];
  readonly outputs: { readonly [name: string]: Json };
  readonly secrets: { readonly [name: string]: string };
  readonly timeoutMs: number;
  readonly retry: PlannedRetry;
  readonly inline: boolean;
  readonly continueOnFailure: boolean;
  readonly onError: 'fail' | 'wait';
  /** null: the run's. */
  readonly priority: number | null;
}

export interface PlannedRetry {
  readonly attempts: number;
  readonly delayMs: number;
  readonly backoff: number;
  readonly maxDelayMs: number;
  /** Failures worth another execution. */
  readonly on: readonly FailureType[];
}
