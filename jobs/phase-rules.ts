import { compensationId } from './compile.ts';
import type { HandlerDefinition, JobDefinition, StepDefinition } from './definition.ts';
import { durationProblems } from './duration-rules.ts';
import { needsOf } from './graph.ts';
import { LIMITS } from './limits.ts';
import { errorAt, type Problem, pointerTo, shown } from './problem.ts';
import type { SpecsByType } from './step.ts';
import { JOB_RUN } from './sub-jobs.ts';

/** Whether a place, or for `itself` only its own type, came through the check of its shape. */
export type IsSound = (pointer: string, how?: 'itself' | 'whole') => boolean;

/** What is wrong with how a job ends: what stands in for a step, cleans up, handles and undoes. */
export function* phaseViolations(job: JobDefinition, specs: SpecsByType, isSound: IsSound): Generator<Problem> {
  yield* takenIds(job, isSound);
  const hasSoundNeeds = job.steps.every((_, at) => isSound(`/steps/${at}`, 'itself') && isSound(`/steps/${at}/needs`));
  if (hasSoundNeeds) yield* lateNeeds(job.steps);
  for (const [at, step] of job.steps.entries()) {
    const pointer = `/steps/${at}`;
    if (!isSound(pointer, 'itself')) continue;
    yield* alternativeViolations(step, job.steps, pointer);
    if (isSound(`${pointer}/intervention_timeout`)) yield* interventionViolations(step, pointer);
    if (step.when === 'always' && step.compensate !== undefined)
      yield errorAt(`${pointer}/compensate`, 'what cleans up comes last of all, and is not undone');
    yield* idleViolations(step, specs, pointer);
    const target = step.compensate?.target;
    if (target !== undefined && typeof target !== 'string') {
      const message = 'a compensation runs on one target, or where its step did; name one, or leave target out';
      yield errorAt(`${pointer}/compensate/target`, message, { value: target as never });
    }
  }
}

/** Handlers and compensations have rows of their own, so their ids must be nobody else's. */
function* takenIds(job: JobDefinition, isSound: IsSound): Generator<Problem> {
  const taken = new Map<string, string>(job.steps.map(({ id }, at) => [id, `steps[${at}]`] as const));
  for (const [at, { id, compensate }] of job.steps.entries()) {
    if (compensate === undefined || !isSound(`/steps/${at}/id`)) continue;
    const owner = taken.get(compensationId(id));
    const message = `what undoes this step is called ${shown(compensationId(id))}, which is already the id of ${owner}`;
    if (owner !== undefined) yield errorAt(`/steps/${at}/compensate`, message);
    taken.set(compensationId(id), `what undoes steps[${at}]`);
  }
  for (const list of ['on_failure', 'on_cancel'] as const) {
    if (!isSound(`/${list}`, 'itself')) continue;
    for (const [at, handler] of (job[list] ?? []).entries()) {
      const pointer = `/${list}/${at}`;
      if (!isSound(pointer, 'itself') || !isSound(`${pointer}/id`) || !isSound(`${pointer}/type`)) continue;
      yield* handlerId(handler, pointer, `${list}[${at}]`, taken);
    }
  }
}

function* handlerId({ id, type }: HandlerDefinition, pointer: string, place: string, taken: Map<string, string>): Generator<Problem> {
  const own = id ?? type;
  const owner = taken.get(own);
  if (owner === undefined) taken.set(own, place);
  else if (id === undefined) yield errorAt(pointer, `its id is that of its type, ${shown(type)}, which ${owner} has already; write an id`);
  else yield errorAt(`${pointer}/id`, `${shown(id)} is already the id of ${owner}`, { value: id });
}

/** Nothing but clean-ups can come after a clean-up, which in a run that fails comes last of all. */
function* lateNeeds(steps: readonly StepDefinition[]): Generator<Problem> {
  const needs = needsOf(steps);
  const cleanUps = new Set(steps.filter(({ when }) => when === 'always').map(({ id }) => id));
  for (const [at, { id, when, needs: said }] of steps.entries()) {
    const late = when === 'always' ? undefined : needs.get(id)?.find((need) => cleanUps.has(need));
    if (late === undefined) continue;
    const place = said?.indexOf(late) ?? -1;
    const pointer = place >= 0 ? pointerTo(`/steps/${at}/needs`, place) : `/steps/${at}`;
    const how = said === undefined ? 'needs the step before it' : 'needs';
    const message = `${how} ${shown(late)}, which cleans up and so comes last of all; write when: always here too, or needs without it`;
    yield errorAt(pointer, message, { value: late });
  }
}

function* alternativeViolations(step: StepDefinition, steps: readonly StepDefinition[], pointer: string): Generator<Problem> {
  const other = steps.find(({ id }) => id === step.else_of);
  if (other === undefined || other === step || other.if !== undefined) return;
  yield errorAt(`${pointer}/else_of`, `step ${shown(other.id)} has no condition that could be false; give it an if`, { value: other.id });
}

function* interventionViolations({ on_error, intervention_timeout: limit }: StepDefinition, pointer: string): Generator<Problem> {
  if (limit === undefined) return;
  const at = `${pointer}/intervention_timeout`;
  yield* durationProblems(at, limit, LIMITS.runTimeoutMs);
  if (on_error !== 'wait') yield errorAt(at, 'nobody is waited for; write on_error: wait', { value: limit });
}

/** What means nothing for a step that no worker executes. */
function* idleViolations(step: StepDefinition, specs: SpecsByType, pointer: string): Generator<Problem> {
  const spec = Object.hasOwn(specs, step.type) ? specs[step.type] : undefined;
  if (spec?.kind !== 'workflow') return;
  if (step.retry !== undefined) yield errorAt(`${pointer}/retry`, `steps of type ${step.type} are not executed, so nothing is repeated`);
  if (step.inline)
    yield errorAt(`${pointer}/inline`, `steps of type ${step.type} are carried out by the run itself already`, { value: true });
  if (step.compensate !== undefined && step.type !== JOB_RUN)
    yield errorAt(`${pointer}/compensate`, `steps of type ${step.type} change nothing that could be undone`);
}
