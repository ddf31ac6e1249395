import { LIMITS } from './limits.ts';
import type { PlannedStep } from './plan.ts';

/** Attempts beyond the executions a job allows: those that never got to execute, and where work outlives its worker, those that take it up again. */
const SPARE = { otherwise: 5, whereWorkOutlives: 50 } as const;

/** Attempts that Temporal may make of a step. */
export const attemptsAllowed = ({ retry, reattaches }: Pick<PlannedStep, 'retry' | 'reattaches'>): number =>
  retry.attempts + (reattaches ? SPARE.whereWorkOutlives : SPARE.otherwise);

/** When Temporal makes an attempt again, in milliseconds. */
export interface RetryTerms {
  readonly maximumAttempts: number;
  readonly initialMs: number;
  readonly backoff: number;
  readonly maximumMs: number;
}

/** What Temporal is told about repeating a step. Work that outlives its worker is taken up again soon; a failure of it tells by itself how long to wait. */
export function retryTermsOf(step: Pick<PlannedStep, 'retry' | 'reattaches'>): RetryTerms {
  const maximumAttempts = attemptsAllowed(step);
  if (step.reattaches) return { maximumAttempts, initialMs: 1_000, backoff: 2, maximumMs: 10_000 };
  const { delayMs, backoff, maxDelayMs } = step.retry;
  return { maximumAttempts, initialMs: Math.max(1, delayMs), backoff, maximumMs: Math.max(1, delayMs, maxDelayMs) };
}

/** The envelope ends a step at its time-out, with time to stop it and to write that down; the server only steps in when the envelope cannot. */
export const TIMEOUT_GRACE_MS = 35_000;

/**
 * How long Temporal lets one attempt last: as long as any step may be allowed to. A worker gives an attempt up five seconds after the limit it
 * was given with its task, whatever the server is told later, so a limit near the step's own time-out could never be raised while the step runs.
 */
export const START_TO_CLOSE_MS = LIMITS.stepTimeoutMs + TIMEOUT_GRACE_MS;

/** How long Temporal waits for a word of a worker. */
export const HEARTBEAT_MS = 10_000;

/** The activity that carries out a step, or a part of one, after so many attempts of it that came before a retry by a person. */
export const activityIdOf = (key: string, attemptsBefore: number): string => (attemptsBefore === 0 ? key : `${key}~${attemptsBefore + 1}`);

/** The step that an activity carries out, and its attempts before that; null for an activity of another kind. */
export function stepOfActivity(id: string): { readonly key: string; readonly attemptsBefore: number } | null {
  const [, key, next] = /^([a-z0-9][^~]*)(?:~(\d+))?$/.exec(id) ?? [];
  return key === undefined ? null : { key, attemptsBefore: next === undefined ? 0 : Number(next) - 1 };
}
