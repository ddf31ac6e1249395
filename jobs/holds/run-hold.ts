import { formatDuration } from '../duration.ts';
import type { StepError } from '../failure.ts';
import type { Json, JsonObject } from '../json.ts';
import type { RunStatus } from '../run-state.ts';
import { type HoldKind, type HoldMove, shownMoment } from './kind.ts';

/** Until a run of another job has ended. Moments are epoch milliseconds. */
export interface RunHold {
  readonly kind: 'run';
  readonly job: string;
  readonly run: string;
  readonly number: number;
  readonly since: number;
  /** How long its end is waited for; null: as long as the run lasts. */
  readonly until: number | null;
  /** When its row is looked at next, though it has not told of its end. */
  readonly lookAt: number;
  /** What becomes of it when nobody waits for it any more. */
  readonly onCancel: 'cancel' | 'leave';
  readonly ended?: RunEnd;
  /** Nobody waits for what it comes to any more, and so it is to be stopped: `null` until it is told, then how long its end is waited for. */
  readonly stopBy?: number | null;
}

/** How the run ended, as its row has it. */
export interface RunEnd {
  readonly status: RunStatus;
  readonly error: string | null;
  readonly outputs: Json;
}

/** A run tells of its end; this is for one whose word got lost, or that others ended. */
const LOOK_EVERY_MS = 60_000;
const LOOK_WHILE_STOPPING_MS = 2_000;
/** Less and less often, so that waiting for weeks beside a step that runs as long does not fill the history. */
const LOOK_AT_LEAST_EVERY_MS = 600_000;
const lookAfter = (waitedMs: number): number => Math.min(LOOK_AT_LEAST_EVERY_MS, Math.max(LOOK_EVERY_MS, Math.floor(waitedMs / 10)));
/** How long the end of a run that was told to stop is waited for. */
const STOP_WITHIN_MS = 60_000;

/** Waits for the end of a run that has just been accepted. */
export const beginRunHold = (of: Pick<RunHold, 'job' | 'run' | 'number' | 'until' | 'onCancel'>, now: number): RunHold => ({
  kind: 'run',
  ...of,
  since: now,
  lookAt: now + LOOK_EVERY_MS,
});

export const runKind: HoldKind<RunHold> = {
  waitingFor: 'signal',
  moment: ({ lookAt, until, stopBy, ended }) =>
    ended ? null : Math.min(lookAt, stopBy ?? Number.POSITIVE_INFINITY, (stopBy === undefined ? until : null) ?? Number.POSITIVE_INFINITY),
  move: moveOf,
  show: ({ job, run, number, since, until, onCancel, stopBy }) => ({
    kind: 'run',
    job,
    run,
    number,
    since: shownMoment(since),
    until: shownMoment(until),
    on_cancel: onCancel,
    message: stopBy === undefined ? `waits for run #${number} of ${job}` : `stops run #${number} of ${job}`,
  }),
};

function moveOf(hold: RunHold, now: number): HoldMove | null {
  const { ended, stopBy, lookAt, since, until } = hold;
  if (ended) return endOf(hold, ended);
  if (stopBy === null) return { to: 'hold', hold: { ...hold, stopBy: now + STOP_WITHIN_MS, lookAt: now + LOOK_WHILE_STOPPING_MS } };
  if (stopBy !== undefined && now >= stopBy)
    return { to: 'fail', error: cancelled(`${nameOf(hold)} was told to stop and has not ended yet`) };
  if (stopBy === undefined && until !== null && now >= until) {
    return { to: 'fail', error: { type: 'timeout', message: `${nameOf(hold)} has not ended within ${formatDuration(until - since)}` } };
  }
  if (now < lookAt) return null;
  return { to: 'hold', hold: { ...hold, lookAt: now + (stopBy === undefined ? lookAfter(now - since) : LOOK_WHILE_STOPPING_MS) } };
}

const nameOf = ({ number, job }: Pick<RunHold, 'number' | 'job'>): string => `run #${number} of job ${job}`;

const cancelled = (message: string): StepError => ({ type: 'cancelled', message });

function endOf({ run, number, job, stopBy }: RunHold, { status, error, outputs }: RunEnd): HoldMove {
  const result: JsonObject = { run, number, job, status, outputs };
  if (status === 'completed') return { to: 'complete', result };
  const type = status === 'timed_out' ? 'timeout' : status === 'lost' ? 'lost' : status === 'cancelled' ? 'cancelled' : 'exit_code';
  const why = status === 'cancelled' && stopBy !== undefined ? 'stopped with this one' : `${status}${error ? `: ${error}` : ''}`;
  return { to: 'fail', error: { type, message: `${nameOf({ number, job })} ${why}`, details: { run, number, status } } };
}

/** A hold that the run wants to end; null when nothing keeps it from ending at once. One whose run has ended is about to be over by itself. */
export function stopped(hold: RunHold): RunHold | null {
  if (hold.ended || hold.stopBy !== undefined) return hold;
  return hold.onCancel === 'leave' ? null : { ...hold, stopBy: null };
}

/** Whether it only waits for the end of what it has stopped, which a run that stops waits for too. */
export const isStoppingRun = (hold: { readonly kind: string; readonly stopBy?: unknown }): boolean =>
  hold.kind === 'run' && hold.stopBy !== undefined;

/** The same run with what its row says of its end; null: it has not ended. */
export const withEnd = (hold: RunHold, ended: RunEnd | null): RunHold => (ended ? { ...hold, ended } : hold);

/** The hold looked at as soon as possible. */
export const toldOf = (hold: RunHold): RunHold => ({ ...hold, lookAt: 0 });
