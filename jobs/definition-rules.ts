import type { JobDefinition, StepDefinition } from './definition.ts';
import { durationProblems } from './duration-rules.ts';
import { expressionViolations } from './expression-rules.ts';
import { graphProblems } from './graph.ts';
import type { Json, JsonObject } from './json.ts';
import { LIMITS } from './limits.ts';
import { jobLockViolations, placedLocks, stepLockViolations } from './lock-rules.ts';
import { askingViolations, bindingViolations } from './parameter-rules.ts';
import { parameterViolations } from './parameter-schema.ts';
import { type IsSound, phaseViolations } from './phase-rules.ts';
import { errorAt, type Problem, pointerTo } from './problem.ts';
import type { SpecsByType } from './step.ts';
import { stepViolations } from './step-rules.ts';
import { subJobViolations } from './sub-job-rules.ts';
import { targetViolations } from './target-rules.ts';
import { timezoneProblem } from './timezone.ts';
import { triggerViolations } from './trigger-rules.ts';

/** Words that stand for something else in the addresses of jobs, targets and schedules. */
export const RESERVED_NAMES = [
  'validate',
  'import',
  'export',
  'templates',
  'categories',
  'trash',
  'bulk',
  'test-step',
  'health',
  'preview',
  'agenda',
  'resolve',
  'check',
  'new',
] as const;

/** What the shape of a definition cannot say: names taken, zones, durations, the graph, configs against their step types. Only fields whose shape is right are looked at. */
export function* ruleViolations(value: JsonObject, specs: SpecsByType, shape: readonly Problem[]): Generator<Problem> {
  const isSound = soundness(shape);
  const job = value as unknown as JobDefinition;
  yield* jobViolations(job, isSound);
  if (!isSoundList(value.steps) || !isSound('/steps', 'itself')) return;
  if (isSound('/steps') && isSound('/on_failure') && isSound('/on_cancel')) yield* subJobViolations(job);
  if (['/steps', '/on_failure', '/on_cancel', '/parameters'].every((list) => isSound(list))) yield* bindingViolations(job);
  yield* listedViolations(job, specs, isSound);
}

/** What is wrong with a job apart from its steps. */
function* jobViolations(job: JobDefinition, isSound: IsSound): Generator<Problem> {
  if (isSound('/name') && RESERVED_NAMES.some((reserved) => reserved === job.name)) {
    yield errorAt('/name', `"${job.name}" is reserved; choose another name`, { value: job.name });
  }
  if (isSound('/timezone') && job.timezone !== undefined) yield* timezoneProblem('/timezone', job.timezone);
  if (isSound('/limits') && job.limits?.timeout !== undefined) {
    yield* durationProblems('/limits/timeout', job.limits.timeout, LIMITS.runTimeoutMs);
  }
  if (isSound('/target') && job.target !== undefined) yield* targetViolations(job.target, '/target');
  if (isSound('/limits') && isSound('/target')) yield* jobLockViolations(job);
  if (isSound('/parameters')) {
    for (const [name, schema] of Object.entries(job.parameters ?? {})) yield* parameterViolations(schema, pointerTo('/parameters', name));
    yield* askingViolations(job.parameters ?? {});
  }
  if (isSound('/triggers') && isSound('/parameters') && isSound('/name')) yield* triggerViolations(job);
}

/** What is wrong with its steps, and with those that handle and undo. */
function* listedViolations(job: JobDefinition, specs: SpecsByType, isSound: IsSound): Generator<Problem> {
  const canOrder = job.steps.every((_, at) =>
    ['', '/id', '/needs', '/else_of'].every((field) => isSound(`/steps/${at}${field}`, field === '' ? 'itself' : 'whole')),
  );
  const disorder = canOrder ? graphProblems(job.steps) : [];
  yield* disorder;
  yield* phaseViolations(job, specs, isSound);
  for (const list of STEP_LISTS) {
    if (!isSound(`/${list}`, 'itself')) continue;
    for (const [at, step] of (job[list] ?? []).entries()) {
      yield* placedViolations(step as StepDefinition, `/${list}/${at}`, specs, isSound);
      yield* placedLockViolations(step as StepDefinition, `/${list}/${at}`, job, specs, isSound);
    }
  }
  if (canOrder && disorder.length === 0) yield* expressionViolations(soundPart(job, isSound), specs);
}

const STEP_LISTS = ['steps', 'on_failure', 'on_cancel'] as const;

function* placedLockViolations(
  step: StepDefinition,
  pointer: string,
  job: JobDefinition,
  specs: SpecsByType,
  isSound: IsSound,
): Generator<Problem> {
  if (!['concurrency', 'rate', 'type'].every((field) => isSound(`${pointer}/${field}`)) || !isSound(pointer, 'itself')) return;
  const spec = Object.hasOwn(specs, step.type) ? specs[step.type] : undefined;
  const ofJob = isSound('/limits') ? placedLocks(job.limits?.concurrency, '').map(([, lock]) => lock) : [];
  if (spec) yield* stepLockViolations(step, pointer, spec, ofJob);
}

/** A step, or one that handles or undoes, with what undoes it. */
function* placedViolations(step: StepDefinition, pointer: string, specs: SpecsByType, isSound: IsSound): Generator<Problem> {
  if (!isSound(pointer, 'itself')) return;
  yield* stepViolations(step, pointer, specs, (field) => isSound(`${pointer}/${field}`));
  if (step.compensate !== undefined) yield* placedViolations(step.compensate as StepDefinition, `${pointer}/compensate`, specs, isSound);
}

const isSoundList = (steps: Json | undefined): boolean => Array.isArray(steps);

/** Whether a place, or for `itself` only its own type, came through the check of its shape. */
function soundness(shape: readonly Problem[]): IsSound {
  const broken = shape.map((problem) => problem.pointer);
  return (pointer, how = 'whole') => !broken.some((at) => at === pointer || (how === 'whole' && at.startsWith(`${pointer}/`)));
}

const isStepList = (key: string): boolean => STEP_LISTS.some((list) => list === key);

/** The definition without the fields whose shape is wrong, so that the expressions of the others can be checked. */
function soundPart(job: JobDefinition, isSound: IsSound): JobDefinition {
  const keep = <T extends object>(object: T, pointer: string): T =>
    Object.fromEntries(
      Object.entries(object).filter(([key]) =>
        isSound(pointerTo(pointer, key), pointer === '' && (isStepList(key) || key === 'parameters') ? 'itself' : 'whole'),
      ),
    ) as T;
  const kept = keep(job, '');
  return {
    ...kept,
    ...(kept.parameters && { parameters: keep(kept.parameters, '/parameters') }),
    steps: job.steps.map((step, at) => keep(step, `/steps/${at}`)),
    ...(kept.on_failure && { on_failure: kept.on_failure.map((step, at) => keep(step, `/on_failure/${at}`)) }),
    ...(kept.on_cancel && { on_cancel: kept.on_cancel.map((step, at) => keep(step, `/on_cancel/${at}`)) }),
  };
}
