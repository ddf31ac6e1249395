import type { SkipReason } from '../apply-event.ts';
import type { StepError } from '../failure.ts';
import type { JsonObject } from '../json.ts';
import type { WaitingFor } from '../run-state.ts';
import type { Hold } from './hold.ts';

/** What becomes of a held step: it ends, or it waits for something else than before. */
export type HoldMove =
  | { readonly to: 'complete'; readonly result: JsonObject }
  | { readonly to: 'fail'; readonly error: StepError }
  | { readonly to: 'skip'; readonly reason: SkipReason }
  | { readonly to: 'hold'; readonly hold: Hold; readonly notices?: readonly HoldNotice[] };

/** Something that people are told of a step that waits. */
export interface HoldNotice {
  readonly kind: NoticeKind;
  /** Counts the notices of one kind that one wait brings, from 1. */
  readonly number: number;
  /** Names of users, groups and roles; empty: whoever may steer the run. */
  readonly to: readonly string[];
  readonly message: string;
}

/** `asked`: someone's answer is waited for; `reminder`: it still is; `escalation`: others are asked as well. */
export const NOTICE_KINDS = ['asked', 'reminder', 'escalation'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** What there is to know of one kind of hold; all of it pure. */
export interface HoldKind<H> {
  readonly waitingFor: WaitingFor;
  /** The next moment (epoch milliseconds) at which it changes by time alone; null: none. */
  moment(hold: H): number | null;
  /** What becomes of it at this moment, by what was received or by time alone; null: it waits on. */
  move(hold: H, now: number): HoldMove | null;
  /** What its step's row shows; moments as ISO 8601. */
  show(hold: H): JsonObject;
}

/** A moment as rows show it. */
export const shownMoment = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** What a time limit means that has run out while a step waited. */
export type OnTimeout = 'fail' | 'skip' | 'continue';
