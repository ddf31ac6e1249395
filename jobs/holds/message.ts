import { parseDuration } from '../duration.ts';
import type { Json, JsonObject } from '../json.ts';
import type { HoldMove, OnTimeout } from './kind.ts';

/** Something that was sent to a run from outside. */
export interface Message {
  /** Which wait takes it: `signal:<name>` or `webhook:<key>`. */
  readonly box: string;
  readonly data: Json;
  readonly by: string | null;
  /** Epoch milliseconds. */
  readonly at: number;
}

export const signalBox = (name: string): string => `signal:${name}`;
export const webhookBox = (key: string): string => `webhook:${key}`;

/** What every wait for a message has. Moments are epoch milliseconds. */
export interface Receiving {
  readonly box: string;
  readonly since: number;
  /** Null: as long as the run lasts. */
  readonly until: number | null;
  readonly onTimeout: OnTimeout;
  readonly received?: Message;
}

/** How long a wait for a message lasts, as a step says it. */
export interface ReceivingConfig {
  readonly timeout?: string | undefined;
  readonly on_timeout?: OnTimeout | undefined;
}

/** Begins to wait for a message. Throws a RangeError for what is no duration. */
export const beginReceiving = (box: string, { timeout, on_timeout = 'fail' }: ReceivingConfig, now: number): Receiving => ({
  box,
  since: now,
  until: timeout === undefined ? null : now + parseDuration(timeout),
  onTimeout: on_timeout,
});

/** What becomes of a wait for a message; `resultOf` null is asked for when the time is out and the step goes on without. */
export function moveOfReceiving(
  hold: Receiving,
  now: number,
  what: string,
  resultOf: (message: Message | null) => JsonObject,
): HoldMove | null {
  if (hold.received) return { to: 'complete', result: resultOf(hold.received) };
  if (hold.until === null || now < hold.until) return null;
  switch (hold.onTimeout) {
    case 'continue':
      return { to: 'complete', result: resultOf(null) };
    case 'skip':
      return { to: 'skip', reason: 'expired' };
    case 'fail':
      return { to: 'fail', error: { type: 'timeout', message: `${what} did not come in time` } };
  }
}
