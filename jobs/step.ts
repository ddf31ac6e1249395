import type { FailureType } from './failure.ts';
import type { Infer, Json, JsonSchema } from './json.ts';

/** What repeating a step may do to the world: nothing more, the same again, or harm, so that an uncertain end is shown and never repeated. */
export const EFFECTS = ['idempotent', 'at-least-once', 'at-most-once'] as const;
export type Effect = (typeof EFFECTS)[number];

/** The capabilities a worker can offer; each is a task queue. */
export const CAPABILITIES = ['remote', 'transfer', 'http', 'local', 'sql', 'windows', 'agent', 'bookkeeping'] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** `ssh`: a host with a shell; `device`: what speaks a command line of its own behind SSH. */
export const TARGET_KINDS = ['ssh', 'device'] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

/** A use of a step that documentation shows and tests run. */
export interface StepExample {
  readonly title: string;
  readonly config: { readonly [key: string]: Json };
  /** What the step binds, as a definition writes it: name → `credential.field`. */
  readonly secrets?: { readonly [name: string]: string };
  /** Fields the result must have. */
  readonly expect?: { readonly [key: string]: Json };
  /** The failure the step must end with. */
  readonly fails?: FailureType;
}

export interface RetryDefaults {
  /** Executions, the first included; re-attaching to work that outlived a worker is not one. */
  readonly attempts: number;
  readonly delay?: string;
  readonly backoff?: number;
  readonly max_delay?: string;
  readonly on?: readonly FailureType[];
}

/** An effect that depends on what is asked: the author's word in the field `named_by`, else that of the first of the fields in `having` that is set, else the default. */
export interface EffectByConfig {
  readonly default: Effect;
  readonly named_by?: string;
  readonly having?: { readonly [field: string]: Effect };
}

/** A step type as data: what it takes, what it answers, what it may do; form, validation, documentation and example tests derive from it. */
export interface StepSpec<C extends JsonSchema = JsonSchema, R extends JsonSchema = JsonSchema> {
  readonly type: string;
  readonly title: string;
  /** An activity has a `run.ts`; what a workflow step means is decided in `jobs/holds/`. */
  readonly kind: 'activity' | 'workflow';
  /** The kind of target the step needs, if it needs one. */
  readonly target?: TargetKind;
  /** Fields of `config` that name further targets of that kind. */
  readonly also_targets?: readonly string[];
  /** Where the secrets go that a step binds, `fields` being those of its config that name one; without it the type takes none. */
  readonly secrets?: 'environment' | 'headers' | 'fields';
  readonly effect: Effect | EffectByConfig;
  /** What it starts outlives its worker: an attempt whose end nobody saw is taken up again by the next, and what is left over is ended and cleared away. */
  readonly reattaches?: true;
  readonly queue: Capability;
  readonly defaults: { readonly timeout: string; readonly retry: RetryDefaults };
  readonly config: C;
  readonly result: R;
  readonly examples: readonly StepExample[];
}

/** Declares a step type; the literal types of its schemas are kept so that `run.ts` is typed by them. */
export const defineStep = <const C extends JsonSchema, const R extends JsonSchema, const S extends Omit<StepSpec<C, R>, 'kind'>>(
  spec: S & { readonly config: C; readonly result: R },
): S & { readonly kind: 'activity' } => ({ ...spec, kind: 'activity' });

/** Declares a step that the run carries out itself: it waits, and holds no worker's slot meanwhile. */
export const defineWorkflowStep = <
  const C extends JsonSchema,
  const R extends JsonSchema,
  const S extends Omit<StepSpec<C, R>, 'kind' | 'queue' | 'effect' | 'defaults'>,
>(
  spec: S & { readonly config: C; readonly result: R },
): S & { readonly kind: 'workflow' } & Pick<StepSpec, 'queue' | 'effect' | 'defaults'> => ({
  ...spec,
  kind: 'workflow',
  queue: 'bookkeeping',
  effect: 'idempotent',
  defaults: { timeout: '24d', retry: { attempts: 1 } },
});

export type ConfigOf<S extends StepSpec> = Infer<S['config']>;
export type ResultOf<S extends StepSpec> = Infer<S['result']>;

/** Step specs by their type, as catalogue, compiler and published schema use them. */
export type SpecsByType = { readonly [type: string]: StepSpec };
