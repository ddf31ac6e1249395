import type { CancelWish, Ending, Rest, SkipReason, ToldAttempt } from './apply-event.ts';
import type { StepError } from './failure.ts';
import type { Answer } from './holds/approval.ts';
import type { Hold } from './holds/hold.ts';
import type { Message } from './holds/message.ts';
import type { Slice, SliceTold } from './items/slices.ts';
import type { JsonObject } from './json.ts';
import type { LockEvent } from './lock-state.ts';
import type { Part } from './parts.ts';

/** What can happen to a run; what its state becomes by it says `applyEvent`. */
export type RunEvent =
  | { readonly type: 'step_started'; readonly key: string }
  /** A step was taken apart; it runs until its parts have ended. */
  | {
      readonly type: 'step_expanded';
      readonly key: string;
      readonly parts: readonly Part[];
      readonly slices?: readonly Slice[];
      readonly windowed?: true;
    }
  | { readonly type: 'slice_started'; readonly key: string; readonly slice: number }
  /** What the workflow of a slice says of its parts; with `isOver` for the last time. */
  | { readonly type: 'slice_told'; readonly key: string; readonly slice: number; readonly told: SliceTold; readonly isOver: boolean }
  /** A group of a step's parts has ended, and the next one rests until a moment; null: it rests no more. */
  | { readonly type: 'step_rested'; readonly key: string; readonly rest: Rest }
  /** Too many of a step's parts have failed: no more of them begin, and with `abort` those under way end. */
  | { readonly type: 'parts_stopped'; readonly key: string; readonly abort: boolean }
  | ({ readonly type: 'step_completed'; readonly key: string; readonly outputs: JsonObject } & ToldAttempt)
  | ({
      readonly type: 'step_failed';
      readonly key: string;
      readonly error: StepError;
      readonly attempts: number;
      readonly outcome: 'fail' | 'tolerate' | 'wait';
      /** With `wait`: how long a person is waited for, in epoch milliseconds. */
      readonly until?: number;
    } & ToldAttempt)
  /** A step waits, or what it waits for has changed. */
  /** `attempts`: made of it so far, where that is not as before. */
  | { readonly type: 'step_held'; readonly key: string; readonly hold: Hold; readonly attempts?: number }
  /** The maintenance window opened that a step waits for. */
  | { readonly type: 'window_opened'; readonly key: string }
  /** Someone approved or rejected what a step asks. */
  | { readonly type: 'hold_answered'; readonly key: string; readonly answer: Answer }
  /** Something was sent to the run, for the step that waits for it or will. */
  | { readonly type: 'message_arrived'; readonly message: Message }
  | { readonly type: 'step_skipped'; readonly key: string; readonly reason: SkipReason; readonly outputs?: JsonObject }
  /** `config`: fields that a person gave, in place of the definition's. */
  | { readonly type: 'step_retried'; readonly key: string; readonly config?: JsonObject; readonly editor?: string }
  | { readonly type: 'ending'; readonly ending: Ending }
  /** A person wants the run to end without undoing, handling or cleaning up anything. */
  | { readonly type: 'cancel_forced' }
  | LockEvent
  | { readonly type: 'paused' }
  | { readonly type: 'resumed' }
  | { readonly type: 'cancel_requested'; readonly wish: CancelWish }
  | { readonly type: 'timed_out' };
