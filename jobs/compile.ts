import type { JobDefinition, RetryDefinition, StepDefinition } from './definition.ts';
import { parseDuration } from './duration.ts';
import { effectOf } from './effect.ts';
import { codeFields } from './expression/bind.ts';
import { expressionsIn, hasExpression } from './expression/scan.ts';
import { FAILURE_TYPES, type FailureType } from './failure.ts';
import { needsOf } from './graph.ts';
import type { JsonObject } from './json.ts';
import type { Plan, PlannedRetry, PlannedStep } from './plan.ts';
import type { Effect, SpecsByType, StepSpec } from './step.ts';

/** The plan of a definition that validated without errors: ordered as written, every default filled in. Same definition and specs, same plan. */
export function compile(definition: JobDefinition, specs: SpecsByType): Plan {
  const needs = needsOf(definition.steps);
  return {
    job: definition.name,
    timeoutMs: definition.limits?.timeout === undefined ? null : parseDuration(definition.limits.timeout),
    timezone: definition.timezone ?? null,
    priority: definition.priority ?? 5,
    steps: definition.steps.map((step, at) => plannedStep(step, at + 1, needs.get(step.id) ?? [], specOf(step, specs))),
    outputs: definition.outputs ?? {},
  };
}

function specOf(step: StepDefinition, specs: SpecsByType): StepSpec {
  const spec = Object.hasOwn(specs, step.type) ? specs[step.type] : undefined;
  if (!spec) throw new Error(`step ${step.id}: no step type ${step.type}`);
  return spec;
}

function plannedStep(step: StepDefinition, number: number, needs: readonly string[], spec: StepSpec): PlannedStep {
  const config = { ...defaultsOf(spec), ...step.config };
  const effect = effectOf(spec, config);
  return {
    id: step.id,
    number,
    name: step.name ?? step.id,
    type: step.type,
    needs,
    if: step.if === undefined ? null : conditionOf(step.if),
    enabled: step.enabled ?? true,
    queue: spec.queue,
    effect,
    ...(spec.reattaches && { reattaches: true }),
    needsTarget: spec.target !== undefined,
    target: spec.target === undefined ? null : (step.target ?? null),
    ...(step.max_parallel !== undefined && { maxParallel: step.max_parallel }),
    config,
    code: codeFields(spec.config, config),
    outputs: step.outputs ?? {},
    secrets: step.secrets ?? {},
    timeoutMs: parseDuration(step.timeout ?? spec.defaults.timeout),
    retry: plannedRetry(step.retry, spec, effect),
    inline: step.inline ?? false,
    continueOnFailure: step.continue_on_failure ?? false,
    onError: step.on_error ?? 'fail',
    priority: step.priority ?? null,
  };
}

/** A condition may stand bare or as `${{ … }}`; the plan keeps the expression alone. */
function conditionOf(text: string): string {
  const [only] = hasExpression(text) ? expressionsIn(text) : [];
  return only?.source ?? text.trim();
}

function defaultsOf(spec: StepSpec): JsonObject {
  const fields = Object.entries(spec.config.properties ?? {});
  return Object.fromEntries(fields.flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value] as const])));
}

function plannedRetry(retry: RetryDefinition = {}, spec: StepSpec, effect: Effect): PlannedRetry {
  const defaults = spec.defaults.retry;
  const delayMs = parseDuration(retry.delay ?? defaults.delay ?? '1s');
  return {
    attempts: retry.attempts ?? defaults.attempts,
    delayMs,
    backoff: retry.backoff ?? defaults.backoff ?? 2,
    maxDelayMs: Math.max(delayMs, parseDuration(retry.max_delay ?? defaults.max_delay ?? '1m')),
    on: retriedFailures(retry, spec, effect),
  };
}

const RETRIED_BY_EFFECT = {
  idempotent: ['connection', 'timeout', 'exit_code', 'assertion', 'lost', 'internal'],
  'at-least-once': ['connection', 'timeout', 'exit_code', 'assertion', 'lost', 'internal'],
  'at-most-once': ['connection'],
} as const satisfies Record<Effect, readonly FailureType[]>;

/** Failures of an at-most-once step whose end is known, so that its author may ask for another execution. */
const KNOWN_ENDS = ['exit_code', 'assertion', 'timeout'] as const satisfies readonly FailureType[];

/** Which failures deserve another execution. Whoever asks for attempts without saying on what means every failure whose end is known; a step that must not happen twice is repeated after an unknown end only where its author names `lost`. */
function retriedFailures(retry: RetryDefinition, spec: StepSpec, effect: Effect): readonly FailureType[] {
  const asked = [...RETRIED_BY_EFFECT[effect], ...KNOWN_ENDS];
  const chosen = new Set<FailureType>(
    retry.on ?? (retry.attempts === undefined ? spec.defaults.retry.on : asked) ?? RETRIED_BY_EFFECT[effect],
  );
  return FAILURE_TYPES.filter((type) => chosen.has(type));
}
