import { createSignal } from 'solid-js';
import type { StepSummary } from '../../../api/views.ts';

/** Where a re-run begins to ask: what failed, the same again, with other parameters, or from this step. */
export type RerunStart = 'failed' | 'same' | 'changes' | { readonly from: string };

/** As much of a step as steering it asks for; one that has not started has no more than its key. */
export type SteeredStep = Pick<StepSummary, 'key' | 'status' | 'waiting_for' | 'hold' | 'target' | 'parent_key'>;

/** What a person is being asked before it is done to the run on screen. */
export type Asked =
  | { readonly what: 'cancel' | 'delete' }
  | { readonly what: 'rerun'; readonly start: RerunStart }
  | {
      readonly what: 'approve' | 'reject' | 'retry' | 'skip' | 'end' | 'terms' | 'interrupt' | 'proceed' | 'reset';
      readonly step: SteeredStep;
    };

const [asked, setAsked] = createSignal<Asked | null>(null);

/** The question on screen, drawn by `RunDialogs`. */
export const askedNow = asked;

/** Opens the question; the run page draws it, so that it stays open whatever becomes of the place it was asked from. */
export const ask = (question: Asked): void => {
  setAsked(question);
};

/** Closes it. */
export const dismiss = (): void => {
  setAsked(null);
};
