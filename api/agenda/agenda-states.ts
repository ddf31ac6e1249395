import type { Standing } from '#db/queries/agenda/standing-schedules.ts';
import type { Kind } from '#jobs/agenda/blocks.ts';
import type { AgendaState } from '#jobs/agenda/words.ts';
import type { Span } from '#jobs/recurrence/wanted.ts';
import type { MissedReason } from '#jobs/schedules/fire-state.ts';

/** What stands at a moment that has no row, and why nothing would start. */
export interface Outcome {
  readonly state: AgendaState;
  readonly reason: MissedReason | null;
}

/** What is to become of a moment, as things stand: by the clocks and calendars, by what stops the schedule or all of them, by the time. */
export function outcomeOf(at: number, kind: Kind, { pausedUntil, stopped }: Standing, stopsOfAll: readonly Span[], now: number): Outcome {
  if (kind.reason !== null) return { state: 'left_out', reason: kind.reason };
  if (stopped !== null) return { state: 'paused', reason: 'job_disabled' };
  if (pausedUntil !== null && at < pausedUntil) return { state: 'paused', reason: 'paused' };
  if (stopsOfAll.some(({ from, to }) => at >= from && at < to)) return { state: 'paused', reason: 'maintenance' };
  return { state: at <= now ? 'due' : 'planned', reason: null };
}
