import { nameOfPart } from '#jobs/parts.ts';
import type { AttemptSummary, StepSummary, StepView } from './views.ts';

/** A step summary as it is sent: what has no value is left out. */
export interface SentSummary {
  readonly key: string;
  readonly step_id: string;
  readonly step_number: number;
  readonly status: StepSummary['status'];
  readonly attempt: number;
  readonly updated_at: string;
  readonly attempts: readonly SentAttempt[];
  readonly parent_key?: string | undefined;
  readonly waiting_for?: NonNullable<StepSummary['waiting_for']> | undefined;
  readonly message?: string | undefined;
  readonly error?: NonNullable<StepSummary['error']> | undefined;
  readonly hold?: NonNullable<StepSummary['hold']> | undefined;
  readonly exit_code?: number | undefined;
  readonly target?: string | undefined;
  readonly targets?: readonly string[] | undefined;
  readonly item?: string | undefined;
  readonly parts?: number | undefined;
  readonly parts_by_status?: NonNullable<StepSummary['parts_by_status']> | undefined;
  readonly kept_from?: string | undefined;
  readonly skip_reason?: NonNullable<StepSummary['skip_reason']> | undefined;
  readonly attempts_allowed?: number | undefined;
  readonly progress?: number | undefined;
  readonly progress_message?: string | undefined;
  readonly started_at?: string | undefined;
  readonly ended_at?: string | undefined;
  readonly duration_ms?: number | undefined;
}

interface SentAttempt {
  readonly attempt: number;
  readonly status: AttemptSummary['status'];
  readonly started_at?: string | undefined;
  readonly ended_at?: string | undefined;
}

/** A summary as it was sent, with null for what was left out. */
export const readSummary = (sent: SentSummary): StepSummary => ({
  key: sent.key,
  step_id: sent.step_id,
  step_number: sent.step_number,
  parent_key: sent.parent_key ?? null,
  status: sent.status,
  waiting_for: sent.waiting_for ?? null,
  message: sent.message ?? null,
  error: sent.error ?? null,
  hold: sent.hold ?? null,
  exit_code: sent.exit_code ?? null,
  target: sent.target ?? null,
  targets: sent.targets ?? null,
  item: sent.item ?? null,
  parts: sent.parts ?? null,
  parts_by_status: sent.parts_by_status ?? null,
  kept_from: sent.kept_from ?? null,
  skip_reason: sent.skip_reason ?? null,
  attempt: sent.attempt,
  attempts_allowed: sent.attempts_allowed ?? null,
  progress: sent.progress ?? null,
  progress_message: sent.progress_message ?? null,
  started_at: sent.started_at ?? null,
  ended_at: sent.ended_at ?? null,
  duration_ms: sent.duration_ms ?? null,
  updated_at: sent.updated_at,
  attempts: sent.attempts.map(readAttempt),
});

const readAttempt = ({ attempt, status, started_at, ended_at }: SentAttempt): AttemptSummary => ({
  attempt,
  status,
  started_at: started_at ?? null,
  ended_at: ended_at ?? null,
});

/** What a list keeps of a step that the event stream tells in full. */
export const summaryOf = (step: StepView): StepSummary => ({
  key: step.key,
  step_id: step.step_id,
  step_number: step.step_number,
  parent_key: step.parent_key,
  status: step.status,
  waiting_for: step.waiting_for,
  message: step.message,
  error: step.error && { type: step.error.type, message: step.error.message },
  hold: step.ended_at === null ? step.hold : null,
  exit_code: step.exit_code,
  target: step.target,
  targets: step.targets,
  item: step.item === null ? null : nameOfPart({ item: step.item }),
  parts: step.parts,
  parts_by_status: step.parts_by_status,
  kept_from: step.kept_from,
  skip_reason: step.skip_reason,
  attempt: step.attempt,
  attempts_allowed: step.attempts_allowed,
  progress: step.ended_at === null ? step.progress : null,
  progress_message: step.ended_at === null ? step.progress_message : null,
  started_at: step.started_at,
  ended_at: step.ended_at,
  duration_ms: step.duration_ms,
  updated_at: step.updated_at,
  attempts: step.attempts.map(({ attempt, status, started_at, ended_at }) => ({ attempt, status, started_at, ended_at })),
});
