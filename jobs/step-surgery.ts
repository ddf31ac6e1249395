import { attemptsAllowed, retryTermsOf, START_TO_CLOSE_MS } from './activity-terms.ts';
import { writeDuration } from './duration.ts';
import type { PlannedStep } from './plan.ts';

/** What a person may do to one step that runs. */
export const SURGERIES = ['options', 'pause', 'resume', 'reset'] as const;
export type Surgery = (typeof SURGERIES)[number];

/** The time of a step and how often it is executed. */
export type StepTerms = Pick<PlannedStep, 'timeoutMs' | 'retry'>;

/** What of that a person changes; what is absent stays. */
export interface TermsChange {
  readonly timeoutMs?: number | undefined;
  readonly attempts?: number | undefined;
  readonly delayMs?: number | undefined;
  readonly backoff?: number | undefined;
  readonly maxDelayMs?: number | undefined;
  /** How long Temporal waits for a word of the worker. */
  readonly heartbeatMs?: number | undefined;
}

/** The terms with a change made to them; the longest wait is never shorter than the first. */
export function changedTerms({ timeoutMs, retry }: StepTerms, change: TermsChange): StepTerms {
  const delayMs = change.delayMs ?? retry.delayMs;
  return {
    timeoutMs: change.timeoutMs ?? timeoutMs,
    retry: {
      ...retry,
      attempts: change.attempts ?? retry.attempts,
      delayMs,
      backoff: change.backoff ?? retry.backoff,
      maxDelayMs: Math.max(delayMs, change.maxDelayMs ?? retry.maxDelayMs),
    },
  };
}

/** How a step's activity stands in Temporal. */
export interface ActivityStanding {
  /** `queued`: no attempt has begun; `retrying`: between two; `cancelling`: asked to end. */
  readonly state: 'queued' | 'running' | 'retrying' | 'paused' | 'cancelling';
  /** An attempt is under way, also of a step that is paused and has not heard of it yet. */
  readonly isUnderWay: boolean;
  /** The attempt under way, or the next one, as Temporal counts. */
  readonly attempt: number;
  readonly maximumAttempts: number;
  readonly startToCloseMs: number;
  readonly heartbeatMs: number;
}

/** Options of an activity, times in milliseconds, each under the path by which an update names it. */
export interface ActivityUpdate {
  readonly start_to_close_timeout?: number;
  readonly heartbeat_timeout?: number;
  readonly 'retry_policy.maximum_attempts'?: number;
  readonly 'retry_policy.initial_interval'?: number;
  readonly 'retry_policy.backoff_coefficient'?: number;
  readonly 'retry_policy.maximum_interval'?: number;
}

type Standing = Pick<ActivityStanding, 'attempt' | 'maximumAttempts' | 'startToCloseMs' | 'heartbeatMs'>;

/**
 * What Temporal is to be told about a step with these terms now. A step's time is kept by its worker, so Temporal's own limit of an attempt only
 * ever rises: a shorter one would strike the attempt under way and clip the heartbeat limit, and raising it again restores neither.
 */
export function activityUpdate(
  step: Pick<PlannedStep, 'reattaches'>,
  terms: StepTerms,
  change: TermsChange,
  standing: Standing,
): ActivityUpdate {
  const { maximumAttempts, initialMs, backoff, maximumMs } = retryTermsOf({ ...step, retry: terms.retry });
  const isRaised = change.timeoutMs !== undefined && standing.startToCloseMs < START_TO_CLOSE_MS;
  const repeats = change.delayMs !== undefined || change.backoff !== undefined || change.maxDelayMs !== undefined;
  return {
    ...(isRaised && { start_to_close_timeout: START_TO_CLOSE_MS }),
    ...((isRaised || change.heartbeatMs !== undefined) && { heartbeat_timeout: change.heartbeatMs ?? standing.heartbeatMs }),
    // Never below the attempt under way, which would then be the last whatever it ended with: the worker decides whether another follows.
    ...(change.attempts !== undefined && { 'retry_policy.maximum_attempts': Math.max(maximumAttempts, standing.attempt + 1) }),
    ...(repeats &&
      !step.reattaches && {
        'retry_policy.initial_interval': initialMs,
        'retry_policy.backoff_coefficient': backoff,
        'retry_policy.maximum_interval': maximumMs,
      }),
  };
}

/**
 * What Temporal is told of a step whose attempt under way a person ends for another to follow, which would fail the step if it were the last.
 * It is not told to count anew, since it then no longer knows an attempt under way that is not the first: its worker's word is refused.
 */
export const roomForMore = (
  step: Pick<PlannedStep, 'reattaches'>,
  { retry }: StepTerms,
  { attempt, maximumAttempts }: Standing,
): ActivityUpdate => {
  const wanted = attempt + attemptsAllowed({ ...step, retry });
  return wanted <= maximumAttempts ? {} : { 'retry_policy.maximum_attempts': wanted };
};

/** Why a step cannot be operated on as it stands, to a person; null when it can. With `force` a step whose work must not be done twice may be ended as lost. */
export function whyRefused(
  surgery: Surgery,
  key: string,
  step: Pick<PlannedStep, 'effect' | 'reattaches'>,
  { state, isUnderWay }: Pick<ActivityStanding, 'state' | 'isUnderWay'>,
  force: boolean,
): string | null {
  if (state === 'queued') return `step ${key} is queued; only a step that has begun can be ${DONE[surgery]}`;
  if (state === 'cancelling') return `step ${key} is being cancelled and cannot be ${DONE[surgery]}`;
  if (surgery === 'pause' && state === 'paused') return `step ${key} is paused already`;
  if (surgery === 'resume' && state !== 'paused') return `step ${key} is ${state}; only a paused step can be resumed`;
  const interrupts = surgery === 'pause' || surgery === 'reset';
  if (interrupts && isUnderWay && !force && step.effect === 'at-most-once' && !step.reattaches)
    return `step ${key} is running and must not be executed twice; interrupted, it would end as lost: send "force": true to do that`;
  return null;
}

const DONE = { options: 'changed', pause: 'paused', resume: 'resumed', reset: 'reset' } as const satisfies Record<Surgery, string>;

/** Terms as answers and the audit show them, by the names they are given with. */
export interface ShownTerms {
  readonly timeout: string;
  readonly attempts: number;
  readonly delay: string;
  readonly backoff: number;
  readonly max_delay: string;
  readonly heartbeat: string;
}

export const shownTerms = (
  { timeoutMs, retry: { attempts, delayMs, backoff, maxDelayMs } }: StepTerms,
  heartbeatMs: number,
): ShownTerms => ({
  timeout: writeDuration(timeoutMs),
  attempts,
  delay: writeDuration(delayMs),
  backoff,
  max_delay: writeDuration(maxDelayMs),
  heartbeat: writeDuration(heartbeatMs),
});

/** What changed, in one sentence for the history, e.g. `timeout 10m → 1h`. */
export const sentenceOfChange = (before: ShownTerms, after: ShownTerms): string =>
  (Object.keys(after) as (keyof ShownTerms)[])
    .filter((name) => before[name] !== after[name])
    .map((name) => `${name} ${before[name]} → ${after[name]}`)
    .join(', ');
