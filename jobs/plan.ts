import type { FailMode, LockSubject, OnConflict, When } from './definition-words.ts';
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
  /** What runs, one after the other, once the run has failed or was cancelled. Absent in older plans, like every optional field here. */
  readonly onFailure?: readonly PlannedStep[];
  readonly onCancel?: readonly PlannedStep[];
  /** Held by the run as a whole, from before its first step to its last write. */
  readonly locks?: readonly PlannedLock[];
  /** Outputs of the run: name → template. */
  readonly outputs: { readonly [name: string]: Json };
}

export interface PlannedStep {
  readonly id: string;
  /** 1-based place in the definition. */
  readonly number: number;
  readonly name: string;
  readonly type: string;
  /** Carried out by a worker, or by the run itself; absent: activity. */
  readonly kind?: 'activity' | 'workflow';
  readonly needs: readonly string[];
  /** CEL source without `${{ }}`, or null. */
  readonly if: string | null;
  readonly elseOf?: string;
  /** Absent: success. */
  readonly when?: When;
  readonly enabled: boolean;
  readonly queue: Capability;
  readonly effect: Effect;
  /** Its work outlives a worker and is taken up again; absent in plans of before there was such a type. */
  readonly reattaches?: boolean;
  readonly needsTarget: boolean;
  /** Name of the target or a template for it, or which targets; null: the run's, for a type that needs one. */
  readonly target: TargetChoice | null;
  /** What it is taken apart by, other than targets. */
  readonly items?: { readonly foreach: Json } | { readonly matrix: JsonObject };
  readonly order?: 'given' | 'reverse';
  readonly batch?: { readonly size: PartCount; readonly pauseMs: number };
  readonly fail?: { readonly mode: FailMode; readonly tolerate: PartCount };
  /** Its own id is this step's with `.compensate` behind it. */
  readonly compensate?: PlannedStep;
  readonly locks?: readonly PlannedLock[];
  readonly rate?: PlannedRate;
  /** How long a person is waited for who may retry it; null: as long as the run lasts. */
  readonly interventionMs?: number | null;
  /** Parts of a step that run at a time; null: all. Absent in older plans. */
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
  /** What becomes of it while its target is outside of its maintenance windows; absent: wait. */
  readonly onClosed?: 'fail' | 'skip';
  /** null: the run's. */
  readonly priority: number | null;
}

/** So many of a step's parts, or so many percent of them. */
export type PartCount = { readonly count: number } | { readonly percent: number };

/** `key` may hold templates. */
export interface PlannedLock {
  readonly by: { readonly key: string } | { readonly per: LockSubject };
  readonly max: number;
  readonly onConflict: OnConflict;
}

export interface PlannedRate {
  /** May hold templates. */
  readonly resource: string;
  readonly max: number;
  readonly perMs: number;
}

/** Every step of a plan, those included that only run when others have failed; no two have the same id. */
export const allSteps = ({ steps, onFailure = [], onCancel = [] }: Plan): readonly PlannedStep[] =>
  [...steps, ...onFailure, ...onCancel].flatMap((step) => (step.compensate ? [step, step.compensate] : [step]));

export interface PlannedRetry {
  readonly attempts: number;
  readonly delayMs: number;
  readonly backoff: number;
  readonly maxDelayMs: number;
  /** Failures worth another execution. */
  readonly on: readonly FailureType[];
}
