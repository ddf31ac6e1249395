import { formatDuration, parseDuration } from '../duration.ts';
import { type HoldKind, type HoldMove, shownMoment } from './kind.ts';

/** Until a moment has come. Moments are epoch milliseconds. */
export interface TimerHold {
  readonly kind: 'timer';
  readonly since: number;
  readonly until: number;
}

export const timerKind: HoldKind<TimerHold> = {
  waitingFor: 'timer',
  moment: ({ until }) => until,
  move: ({ since, until }, now) =>
    now < until ? null : { to: 'complete', result: { since: shownMoment(since), until: shownMoment(until), waited_ms: now - since } },
  show: ({ since, until }) => ({ kind: 'timer', since: shownMoment(since), until: shownMoment(until) }),
};

/** The longest wait, a year: longer than any run. */
export const LONGEST_WAIT_MS = 366 * 86_400_000;

/** Waits until this moment; one that is past is over at once. */
export function waitUntil(until: number, now: number): HoldMove {
  if (until - now > LONGEST_WAIT_MS) {
    const message = `${shownMoment(until)} is more than ${formatDuration(LONGEST_WAIT_MS)} away`;
    return { to: 'fail', error: { type: 'invalid_input', message } };
  }
  return { to: 'hold', hold: { kind: 'timer', since: now, until: Math.max(now, until) } };
}

/** Waits as long as the text says. Throws a RangeError for what is no duration. */
export const waitFor = (duration: string, now: number): HoldMove => waitUntil(now + parseDuration(duration), now);
