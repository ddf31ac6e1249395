import type { JobDefinition, LockDefinition, StepDefinition } from './definition.ts';
import { durationProblems } from './duration-rules.ts';
import { LIMITS } from './limits.ts';
import { errorAt, type Problem } from './problem.ts';
import type { StepSpec } from './step.ts';

/** One key or several, each with its place. */
export function placedLocks(
  concurrency: LockDefinition | readonly LockDefinition[] | undefined,
  pointer: string,
): readonly (readonly [pointer: string, lock: LockDefinition])[] {
  if (concurrency === undefined) return [];
  return Array.isArray(concurrency)
    ? concurrency.map((lock: LockDefinition, at) => [`${pointer}/${at}`, lock])
    : [[pointer, concurrency as LockDefinition]];
}

/** What is wrong with the keys that a job's runs hold as a whole. */
export function* jobLockViolations({ limits, target }: JobDefinition): Generator<Problem> {
  const locks = placedLocks(limits?.concurrency, '/limits/concurrency');
  yield* lockViolations(locks);
  for (const [pointer, { per }] of locks) {
    if ((per === 'target' || per === 'credential') && target !== undefined && typeof target !== 'string') {
      yield errorAt(`${pointer}/per`, `a run of this job has no one ${per}; write the concurrency of its steps instead`, { value: per });
    }
  }
}

/** What is wrong with the keys that a step holds and the rate it shares. */
export function* stepLockViolations(
  { concurrency, rate }: StepDefinition,
  pointer: string,
  spec: StepSpec,
  ofJob: readonly LockDefinition[],
): Generator<Problem> {
  const locks = placedLocks(concurrency, `${pointer}/concurrency`);
  yield* lockViolations(locks);
  for (const [at, lock] of locks) {
    if ((lock.per === 'target' || lock.per === 'credential') && spec.target === undefined) {
      yield errorAt(`${at}/per`, `steps of type ${spec.type} take no target; write a key`, { value: lock.per });
    } else if (ofJob.some((own) => nameOf(own) === nameOf(lock))) {
      yield errorAt(at, `the run holds ${nameOf(lock)} already (limits.concurrency), so this step would wait for its own run`);
    }
  }
  if (rate) yield* durationProblems(`${pointer}/rate/per`, rate.per, LIMITS.retryDelayMs);
}

function* lockViolations(locks: readonly (readonly [string, LockDefinition])[]): Generator<Problem> {
  for (const [at, [pointer, lock]] of locks.entries()) {
    if (lock.key !== undefined && lock.per !== undefined) yield errorAt(`${pointer}/per`, 'write either a key or per', { value: lock.per });
    else if (locks.slice(0, at).some(([, other]) => nameOf(other) === nameOf(lock))) {
      yield errorAt(pointer, `${nameOf(lock)} is named twice`);
    }
  }
}

const nameOf = ({ key, per = 'job' }: LockDefinition): string => (key === undefined ? `the lock per ${per}` : `lock ${key}`);
