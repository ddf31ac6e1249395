import type { Candidate } from '../recurrence/wanted.ts';
import type { OverlapPolicy } from './definition.ts';

/** Reasons for which a moment starts nothing that are seen from the outside, when it is over. */
type Reason = NonNullable<Candidate['reason']> | 'paused' | 'maintenance' | 'job_disabled' | 'overlap' | 'buffer_full' | 'catchup';

/** What becomes of a moment of which there is no trace: nothing, or it has yet to start, late or after the run before it. */
export type Verdict =
  | { readonly status: 'missed'; readonly reason: Reason; readonly message: string }
  | { readonly status: 'asked'; readonly trigger: 'catchup' | 'schedule' };

/** A stretch of time (epoch milliseconds; null: to this day) during which a schedule was to start nothing. */
export interface Pause {
  readonly from: number;
  readonly until: number | null;
  readonly reason: 'paused' | 'maintenance' | 'job_disabled';
  readonly message: string;
}

/** A run of the schedule: its moment, and from when until when (null: it goes on) it was there. */
export interface RunSpan {
  readonly nominal: number;
  readonly from: number;
  readonly until: number | null;
}

/** All that a moment is judged by, in epoch milliseconds. */
export interface Circumstances {
  readonly now: number;
  readonly overlap: OverlapPolicy;
  readonly catchupMs: number;
  readonly jitterMs: number;
  /** Since when its calendars are known to be these; null: it has none. */
  readonly changed: number | null;
  readonly pauses: readonly Pause[];
  /** Those that a moment may have met. */
  readonly runs: readonly RunSpan[];
  /** How many moments wait for the run before them. */
  readonly waiting: number;
}

/** Temporal keeps no more waiting for a schedule, and neither do we. */
export const MOST_WAITING = 1_000;

/** Whoever looks over the past has done so by then; a moment that is older was met by nobody. */
const LOOKED_OVER_MS = 180_000;

/** Why a moment starts nothing whoever is there: the clocks or a calendar left it out, or it came during a pause; null: nothing of that. */
export function whyHeldThen(moment: Candidate, pauses: readonly Pause[]): Extract<Verdict, { status: 'missed' }> | null {
  if (moment.reason !== null) return missed(moment.reason, reasonWords(moment));
  const pause = pauses.find(({ from, until }) => from <= moment.at && (until === null || until > moment.at));
  return pause ? missed(pause.reason, pause.message) : null;
}

/** Why a moment that is over started nothing, or that it is still to start: nothing was in its way but that nobody was there in time. */
export function whyMissed(moment: Candidate, circumstances: Circumstances): Verdict {
  const { at } = moment;
  const { now, pauses, catchupMs, overlap, changed } = circumstances;
  const held = whyHeldThen(moment, pauses);
  if (held) return held;
  if (changed !== null && at < changed) return missed('catchup', 'nobody was there to start it before its calendars were changed');
  const met = metBy(at, circumstances);
  const mostMs = met && WAITS.includes(overlap) ? Math.max(catchupMs, LOOKED_OVER_MS) : catchupMs;
  if (met && !(WAITS.includes(overlap) && now - at > mostMs)) return behind(met, at, circumstances);
  if (now - at > mostMs) return missed('catchup', 'nobody was there to start it within its catch-up window');
  return { status: 'asked', trigger: 'catchup' };
}

/** Policies by which a start waits for the end of the run before it. */
const WAITS: readonly OverlapPolicy[] = ['buffer_one', 'buffer_all'];

/** What it means that a run was under way at the moment. */
function behind(met: RunSpan, at: number, { overlap, runs, waiting }: Circumstances): Verdict {
  if (overlap === 'skip') return missed('overlap', `the run of ${iso(met.nominal)} was under way, and the overlap policy is skip`);
  const later = runs.find(({ nominal, from }) => nominal > at && from > at);
  if ((overlap === 'cancel_other' || overlap === 'terminate_other') && later)
    return missed('overlap', `the start of ${iso(later.nominal)} took its place before it began, by the overlap policy ${overlap}`);
  const hadWaiting = runs.some(({ nominal, from }) => nominal < at && from > at);
  if (overlap === 'buffer_one' && (waiting > 0 || hadWaiting))
    return missed('overlap', `one start was waiting already for the run of ${iso(met.nominal)}, by the overlap policy buffer_one`);
  if (waiting >= MOST_WAITING) return missed('buffer_full', `${MOST_WAITING} starts were waiting already`);
  return { status: 'asked', trigger: 'schedule' };
}

/** The run that was under way when the moment came, or would have come by its jitter; none matters where all may run at once. */
const metBy = (at: number, { runs, jitterMs, overlap }: Circumstances): RunSpan | undefined =>
  overlap === 'allow_all' ? undefined : runs.find(({ from, until }) => from <= at + jitterMs && (until === null || until > at));

const missed = (reason: Reason, message: string) => ({ status: 'missed', reason, message }) as const;

/** What a person reads of a moment that the clocks or a calendar took. */
export const reasonWords = ({ reason, wall }: Candidate): string => (reason === null ? '' : WORDS[reason](wall));

const WORDS = {
  dst: (wall: string) => `the clocks left out ${wall.replace('T', ' ')}`,
  blackout: () => 'a calendar blocks this time',
  window: () => 'no calendar allows this time',
} as const;

const iso = (at: number): string => new Date(at).toISOString().replace('.000', '');
