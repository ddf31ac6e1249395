import { restMs } from '#jobs/inline-step.ts';
import type { PlanStepView, StepSummary } from '../../../api/views.ts';

/** When a step that is about to be tried again will be, in ms since the epoch; null when it is not, or nobody knows. */
export function nextAttemptAt(step: Pick<StepSummary, 'status' | 'attempts'>, retry: PlanStepView['retry']): number | null {
  if (step.status !== 'retrying' || !retry) return null;
  const last = step.attempts.reduce<number | null>((latest, { ended_at }) => {
    if (ended_at === null) return latest;
    return Math.max(latest ?? 0, Date.parse(ended_at));
  }, null);
  if (last === null) return null;
  const { delay_ms: delayMs, backoff, max_delay_ms: maxDelayMs } = retry;
  return last + restMs({ delayMs, backoff, maxDelayMs }, step.attempts.length);
}
