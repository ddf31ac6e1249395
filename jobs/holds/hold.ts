import type { JsonObject } from '../json.ts';
import type { WaitingFor } from '../run-state.ts';
import { type ApprovalHold, approvalKind } from './approval.ts';
import type { HoldKind, HoldMove } from './kind.ts';
import { type LockHold, lockKind, type RateHold, rateKind } from './lock.ts';
import { type RunHold, runKind } from './run-hold.ts';
import { type SignalHold, signalKind } from './signal.ts';
import { type TimerHold, timerKind } from './timer.ts';
import { type WebhookHold, webhookKind } from './webhook.ts';
import { type WindowHold, windowKind } from './window.ts';

/** What a step waits for that the run itself carries out; plain JSON, so that it survives continue-as-new. Moments are epoch milliseconds. */
export type Hold = TimerHold | ApprovalHold | SignalHold | WebhookHold | LockHold | RateHold | RunHold | WindowHold;

const KINDS: { readonly [K in Hold['kind']]: HoldKind<Extract<Hold, { kind: K }>> } = {
  timer: timerKind,
  approval: approvalKind,
  signal: signalKind,
  webhook: webhookKind,
  lock: lockKind,
  rate: rateKind,
  run: runKind,
  window: windowKind,
};

/** The language cannot tell that a hold goes with the entry of its own kind. */
const kindOf = (hold: Hold): HoldKind<Hold> => KINDS[hold.kind] as unknown as HoldKind<Hold>;

/** What people read that a held step waits for. */
export const waitingForOf = (hold: Hold): WaitingFor => kindOf(hold).waitingFor;

/** The next moment at which a hold changes by time alone; null: none. */
export const momentOf = (hold: Hold): number | null => kindOf(hold).moment(hold);

/** What becomes of a hold at this moment; null: it waits on. */
export const moveOf = (hold: Hold, now: number): HoldMove | null => kindOf(hold).move(hold, now);

/** A hold as its step's row shows it. */
export const shownHold = (hold: Hold): JsonObject => kindOf(hold).show(hold);
