import { type ClosedWindow, openingWords } from '../calendars/windows.ts';
import type { StepError } from '../failure.ts';
import type { JsonObject } from '../json.ts';
import type { PlannedStep } from '../plan.ts';
import type { RunEvent } from '../run-event.ts';
import { type HoldKind, shownMoment } from './kind.ts';

/** Until a maintenance window of its target opens. Moments are epoch milliseconds. */
export interface WindowHold extends ClosedWindow {
  readonly kind: 'window';
  readonly since: number;
  /** When the windows were last looked at. */
  readonly seenAt: number;
  /** When they are looked at next, since they may have been changed. */
  readonly lookAt: number;
}

/** Between two looks at windows that open soon, and at those that open late; that they were changed is told at once all the same. */
const LOOK_EVERY_MS = 300_000;
const LOOK_AT_LEAST_EVERY_MS = 64 * LOOK_EVERY_MS;
/** What people read of a wait is wrong by no more than this part of it. */
const WRONG_BY = 1 / 12;
/** Clocks of workers are not quite the same; nobody asks more often than this. */
const SOONEST_MS = 1_000;

/** The later windows open, the more seldom; at moments that those who wait for several targets have in common, so that they ask together. */
const nextLook = (opensAt: number | null, now: number): number => {
  let pause = LOOK_EVERY_MS;
  while (pause < LOOK_AT_LEAST_EVERY_MS && 2 * pause <= ((opensAt ?? Infinity) - now) * WRONG_BY) pause *= 2;
  const usual = Math.floor(now / pause) * pause + pause;
  return Math.max(now + SOONEST_MS, Math.min(usual, opensAt ?? usual));
};

export const windowKind: HoldKind<WindowHold> = {
  waitingFor: 'window',
  moment: ({ lookAt }) => lookAt,
  move: (hold, now) => (now < hold.lookAt ? null : { to: 'hold', hold: { ...hold, lookAt: now + LOOK_EVERY_MS } }),
  show: (hold) => ({
    kind: 'window',
    target: hold.target,
    timezone: hold.zone,
    since: shownMoment(hold.since),
    opens_at: shownMoment(hold.opensAt),
    message: windowWords(hold),
  }),
};

/** What a person reads of a step that waits for its window. */
export const windowWords = (hold: WindowHold): string =>
  `outside of the maintenance windows of ${hold.target}: ${openingWords(hold, hold.seenAt)}`;

/** A step that was found outside of its target's windows begins to wait, or waits on. */
export const windowHold = (closed: ClosedWindow, since: number, now: number): WindowHold => ({
  kind: 'window',
  ...closed,
  since,
  seenAt: now,
  lookAt: nextLook(closed.opensAt, now),
});

/** The failure by which a worker says that it has not begun a step, since its target is outside of its windows. */
export const closedError = (closed: ClosedWindow, now: number): StepError => ({
  type: 'policy',
  message: `outside of the maintenance windows of ${closed.target}: ${openingWords(closed, now)}`,
  details: { window: { ...closed } satisfies JsonObject },
});

/** What becomes of a step that a worker has not begun for that reason, by its author's wish; null: it failed, for this reason or another. */
export function afterClosed(
  { onClosed }: Pick<PlannedStep, 'onClosed'>,
  key: string,
  error: StepError,
  attempts: number,
  now: number,
): readonly RunEvent[] | null {
  const closed = closedIn(error);
  if (closed === null || onClosed === 'fail') return null;
  if (onClosed === 'skip') return [{ type: 'step_skipped', key, reason: 'window_closed' }];
  return [{ type: 'step_held', key, hold: windowHold(closed, now, now), attempts }];
}

const closedIn = ({ details }: StepError): ClosedWindow | null => (details?.window as unknown as ClosedWindow | undefined) ?? null;

/** Keys of the step that no worker has begun, so that none has written its row. */
export const unbegunBy = (event: RunEvent): readonly string[] => (isAboutWindow(event) ? [event.key] : []);

type AboutWindow = Extract<RunEvent, { type: 'step_held' | 'step_skipped' | 'step_failed' }>;

const isAboutWindow = (event: RunEvent): event is AboutWindow =>
  (event.type === 'step_held' && event.hold.kind === 'window') ||
  (event.type === 'step_skipped' && event.reason === 'window_closed') ||
  (event.type === 'step_failed' && closedIn(event.error) !== null);
