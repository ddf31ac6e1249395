import type { RunState } from './apply-event.ts';
import type { Decision } from './next-steps.ts';
import type { PlannedRetry } from './plan.ts';

/** Longest wait between two executions of a step that shares an activity with others. */
const LONGEST_REST_MS = 5_000;

type Start = Extract<Decision, { do: 'start' }>;

/** The inline step that is all there is to do in a run: nothing else starts, runs or is skipped. Null when it is not so. */
export function soleInlineStep(decisions: readonly Decision[], state: RunState): Start | null {
  const [start, ...others] = decisions;
  if (start?.do !== 'start' || others.length > 0 || !start.step.inline || start.key !== start.step.id) return null;
  if (Object.values(state.steps).some(({ status }) => status === 'running')) return null;
  return longestRestMs(start.step.retry) <= LONGEST_REST_MS ? start : null;
}

/** How long a step rests before its next execution, after so many. */
export const restMs = ({ delayMs, backoff, maxDelayMs }: Omit<PlannedRetry, 'attempts' | 'on'>, executions: number): number =>
  Math.max(1, Math.min(delayMs * backoff ** (executions - 1), maxDelayMs));

const longestRestMs = (retry: PlannedRetry): number => (retry.attempts === 1 ? 0 : restMs(retry, retry.attempts - 1));
