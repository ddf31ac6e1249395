/** A queue without progress for so long although somebody could take its steps is stalled. */
const STALL_MS = 60_000;
/** So many failures one after the other are told to people. */
const ALARMING = 3;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** A worker that has lasted so long begins with a clean record. */
export const HEALTHY_MS = 300_000;

/** How a queue looks from the worker that serves it. */
export interface Signs {
  readonly backlog: number;
  readonly oldestMs: number;
  readonly dispatchedPerSecond: number;
  /** Since somebody asked Temporal for its steps; null: nobody of late. */
  readonly pollerSeenMsAgo: number | null;
  readonly hasFreeSlots: boolean;
  readonly isPaused: boolean;
}

/** What is wrong with a queue whose worker seems well: steps wait, slots are free, and none is taken; null when nothing is. */
export function whyStalled(signs: Signs): string | null {
  const { backlog, oldestMs, dispatchedPerSecond, pollerSeenMsAgo, hasFreeSlots, isPaused } = signs;
  if (isPaused || !hasFreeSlots || backlog === 0 || oldestMs < STALL_MS) return null;
  const waits = `${backlog} ${backlog === 1 ? 'step waits' : 'steps wait'}, the first for ${Math.round(oldestMs / 1_000)} s`;
  if (pollerSeenMsAgo === null || pollerSeenMsAgo > 2 * STALL_MS) return `${waits}, and nobody asks for them`;
  return dispatchedPerSecond === 0 ? `${waits}, slots are free, and none is handed out` : null;
}

/** How long to wait before a worker is made again that has failed so often in a row. */
export const pauseBeforeMs = (failures: number): number => Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (Math.max(1, failures) - 1));

/** True once making it again has not helped. */
export const isAlarming = (failures: number): boolean => failures >= ALARMING;
