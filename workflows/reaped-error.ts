import type { StepError } from '#jobs/failure.ts';
import type { Json } from '#jobs/json.ts';
import type { ReapReport } from './messages.ts';
import type { Found } from './reaping.ts';

const PIDS_SHOWN = 20;
const PIDS_KEPT = 500;

/**
 * What a step ended with to whose target somebody was sent, since its worker was silent or slow: what was found there stands beside what the
 * step itself told of its processes. In a run that was asked to stop it is cancelled.
 */
export function reapedError(told: StepError, found: Found, target: string, isStopping: boolean): StepError {
  const own = toldOf(told);
  const base: StepError = isStopping || told.type === 'cancelled' ? { type: 'cancelled', message: 'cancelled' } : told;
  if ('unreached' in found) {
    if (own.pids.length > 0) return told;
    const message = `${base.message}; what runs of it on ${target} could not be ended yet: ${found.unreached}`;
    return { ...base, message, details: { ...base.details, target, unreached: found.unreached } };
  }
  const signals = [...new Set([...own.signals, ...found.signals])];
  const pids = [...new Set([...own.pids, ...found.pids])];
  const { ended, tier, left } = found;
  if (tier === null && pids.length === 0 && ended) return base;
  const details = { ...base.details, target, tier, signals, pids: pids.slice(0, PIDS_KEPT), left: left.map((one) => ({ ...one })) };
  if (ended) return { ...base, message: `${base.message}${howEnded(signals, pids, target)}`, details };
  const named = left.map(({ pid, owner }) => `${pid} of ${owner}`).join(', ');
  return { ...base, message: `${base.message}; cancel incomplete: processes on ${target} could not be ended: ${named}`, details };
}

/** What a step itself says of the processes that it ended. */
function toldOf({ details }: StepError): Pick<ReapReport, 'signals' | 'pids'> {
  const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);
  return {
    signals: list(details?.signals).filter((signal) => typeof signal === 'string'),
    pids: list(details?.pids).filter((pid) => typeof pid === 'number'),
  };
}

function howEnded(signals: readonly string[], pids: readonly number[], target: string): string {
  if (signals.length === 0) return `; nothing of it was left on ${target}`;
  const more = pids.length > PIDS_SHOWN ? ` and ${pids.length - PIDS_SHOWN} more` : '';
  return `; its processes on ${target} were ended by ${signals.join(', then ')}: ${pids.slice(0, PIDS_SHOWN).join(', ')}${more}`;
}
