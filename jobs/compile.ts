import type { HandlerDefinition, JobDefinition, LockDefinition, RetryDefinition, StepDefinition } from './definition.ts';
import { parseDuration } from './duration.ts';
import { effectOf } from './effect.ts';
import { codeFields } from './expression/bind.ts';
import { expressionsIn, hasExpression } from './expression/scan.ts';
import { FAILURE_TYPES, type FailureType } from './failure.ts';
import { needsOf } from './graph.ts';
import type { Json, JsonObject } from './json.ts';
import { LIMITS } from './limits.ts';
import type { PartCount, Plan, PlannedLock, PlannedRetry, PlannedStep } from './plan.ts';
import type { Effect, SpecsByType, StepSpec } from './step.ts';

/** The plan of a definition that validated without errors: ordered as written, every default filled in. Same definition and specs, same plan. */
export function compile(definition: JobDefinition, specs: SpecsByType): Plan {
  const needs = needsOf(definition.steps);
  return {
    job: definition.name,
    timeoutMs: definition.limits?.timeout === undefined ? null : parseDuration(definition.limits.timeout),
    timezone: definition.timezone ?? null,
    priority: definition.priority ?? 5,
    steps: definition.steps.map((step, at) => plannedStep(step, at + 1, needs.get(step.id) ?? [], specs)),
    ...(definition.on_failure?.length && { onFailure: plannedHandlers(definition.on_failure, definition.steps.length, specs) }),
    ...(definition.on_cancel?.length && { onCancel: plannedHandlers(definition.on_cancel, definition.steps.length, specs) }),
    ...(definition.limits?.concurrency && { locks: plannedLocks(definition.limits.concurrency) }),
    outputs: definition.outputs ?? {},
  };
}

/** One after the other; they are numbered on from the steps. */
const plannedHandlers = (handlers: readonly HandlerDefinition[], before: number, specs: SpecsByType): readonly PlannedStep[] => {
  const steps = handlers.map((handler) => ({ ...handler, id: handler.id ?? handler.type }));
  return steps.map((step, at) =>
    plannedStep(
      step,
      before + at + 1,
      steps.slice(Math.max(0, at - 1), at).map(({ id }) => id),
      specs,
    ),
  );
};

const plannedLocks = (locks: LockDefinition | readonly LockDefinition[]): readonly PlannedLock[] =>
  [locks].flat().map(({ key, per = 'job', max = 1, on_conflict = 'queue' }: LockDefinition) => ({
    by: key === undefined ? { per } : { key },
    max,
    onConflict: on_conflict,
  }));

const partCount = (count: number | string): PartCount => (typeof count === 'number' ? { count } : { percent: Number.parseInt(count, 10) });

/** The id of the step that undoes this one. */
export const compensationId = (id: string): string => `${id}.compensate`;

function specOf(step: StepDefinition, specs: SpecsByType): StepSpec {
  const spec = Object.hasOwn(specs, step.type) ? specs[step.type] : undefined;
  if (!spec) throw new Error(`step ${step.id}: no step type ${step.type}`);
  return spec;
}

function plannedStep(step: StepDefinition, number: number, needs: readonly string[], specs: SpecsByType): PlannedStep {
  const spec = specOf(step, specs);
  const config = { ...defaultsOf(spec), ...step.config };
  const effect = effectOf(spec, config);
  return {
    id: step.id,
    number,
    name: step.name ?? step.id,
    type: step.type,
    ...(spec.kind === 'workflow' && { kind: 'workflow' }),
    needs,
    if: step.if === undefined ? null : conditionOf(step.if),
    ...(step.else_of !== undefined && { elseOf: step.else_of }),
    ...(step.when !== undefined && { when: step.when }),
    enabled: step.enabled ?? true,
    queue: spec.queue,
    effect,
    ...(spec.reattaches && { reattaches: true }),
    needsTarget: spec.target !== undefined,
    target: spec.target === undefined ? null : (step.target ?? null),
    ...itemsOf(step),
    ...undoing(step, number, specs),
    ...(step.concurrency && { locks: plannedLocks(step.concurrency) }),
    ...(step.rate && { rate: { resource: step.rate.resource, max: step.rate.max, perMs: parseDuration(step.rate.per) } }),
    ...(step.on_closed !== undefined && step.on_closed !== 'wait' && { onClosed: step.on_closed }),
    ...(step.intervention_timeout !== undefined && { interventionMs: parseDuration(step.intervention_timeout) }),
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

/** What a step is taken apart by, and how its parts proceed. */
function itemsOf({ foreach, matrix, max_parallel, order, batch, fail }: StepDefinition): Partial<PlannedStep> {
  const hasItems = foreach !== undefined || matrix !== undefined;
  const maxParallel = max_parallel ?? (hasItems ? LIMITS.maxParallel : undefined);
  return {
    ...(foreach !== undefined && { items: { foreach: foreach as Json } }),
    ...(matrix !== undefined && { items: { matrix: matrix as JsonObject } }),
    ...(maxParallel !== undefined && { maxParallel }),
    ...(order === 'reverse' && { order }),
    ...(batch && { batch: { size: partCount(batch.size), pauseMs: batch.pause === undefined ? 0 : parseDuration(batch.pause) } }),
    ...(fail && { fail: { mode: fail.mode ?? 'continue', tolerate: partCount(fail.tolerate ?? 0) } }),
  };
}

/** The step that undoes this one: on the same target unless it names another. */
function undoing({ id, name, target, compensate }: StepDefinition, number: number, specs: SpecsByType): Pick<PlannedStep, 'compensate'> {
  if (compensate === undefined) return {};
  const step = { name: `undo ${name ?? id}`, ...(target !== undefined && { target }), ...compensate, id: compensationId(id) };
  return { compensate: plannedStep(step, number, [], specs) };
}

/** A condition may stand bare or as `${{ … }}`; the plan keeps the expression alone. */
export function conditionOf(text: string): string {
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
