import type { StepError } from './failure.ts';

/** The workflows that look at targets. */
export const CHECK_WORKFLOW = 'checkTargets';
export const SCAN_WORKFLOW = 'scanTarget';

/** One look at one target, known by an id from before it is done: done twice, it is one. */
export interface LookOrder {
  readonly id: string;
  readonly target: string;
}

/** What the workflow that checks is started with; without targets it checks every one that is switched on. */
export interface ChecksInput {
  readonly project: string;
  /** Who asked. */
  readonly actor: string;
  readonly targets: readonly LookOrder[] | null;
}

/** Looks that one worker does at a time. */
export interface CheckCall {
  readonly project: string;
  readonly actor: string;
  readonly targets: readonly LookOrder[];
}

/** Asks a host for its keys. */
export interface ScanCall {
  readonly project: string;
  readonly actor: string;
  readonly target: string;
}

/** What a host shows to whoever asks; nothing of it is trusted yet. */
export interface ScanReport {
  readonly server_version: string | null;
  readonly keys: readonly { readonly type: string; readonly fingerprint: string; readonly key: string }[];
  /** Why there are none. */
  readonly error: StepError | null;
}
