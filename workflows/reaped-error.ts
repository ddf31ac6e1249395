import type { StepError } from '#jobs/failure.ts';
import type { Found } from './reaping.ts';

/** Processes that an error names at most. */
const NAMED = 100;

/**
 * What a step ended with whose worker said nothing of its work any more, given what was found on its target: in a run that was asked to
 * stop it is cancelled, as far as nothing of it lives on.
 */
export function reapedError(told: StepError, found: Found, target: string, isStopping: boolean): StepError {
  const base: StepError = isStopping && told.type !== 'cancelled' ? { type: 'cancelled', message: 'cancelled' } : told;
  if ('unreached' in found) {
    const message = `${base.message}; what runs of it on ${target} could not be ended yet: ${found.unreached}`;
    return { ...base, message, details: { ...base.details, unreached: found.unreached } };
  }
  const { ended, tier, signals, pids, left } = found;
  if (tier === null && pids.length === 0 && ended) return base;
  const details = {
    ...base.details,
    tier,
    signals: [...signals],
    pids: pids.slice(0, NAMED),
    left: left.slice(0, NAMED).map(({ pid, owner }) => ({ pid, owner })),
  };
  if (!ended) {
    const named = left.slice(0, NAMED).map(({ pid, owner }) => `${pid} of ${owner}`);
    const what = base.type === 'cancelled' ? 'cancel incomplete' : `${base.message}; its end is incomplete`;
    return { ...base, message: `${what}: on ${target} ${named.join(', ') || 'something of it'} lives on`, details };
  }
  const how =
    signals.length === 0
      ? `; nothing of it ran on ${target} any more`
      : `; its processes on ${target} were ended by ${signals.join(', then ')}`;
  return { ...base, message: `${base.message}${how}${tier === null ? '' : ` (found by ${tier})`}`, details };
}
