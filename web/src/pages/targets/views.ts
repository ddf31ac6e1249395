import type { Json } from '#jobs/json.ts';
import type { HostKey, StepErrorView, Target } from '../../api/views.ts';

/** A target with the tag of the state it is in. */
export interface TaggedTarget {
  readonly value: Target;
  readonly tag: string | null;
}

/** One look at a target, stage by stage. */
export interface Check {
  readonly id: string;
  readonly target: string;
  readonly at: string;
  readonly healthy: boolean;
  readonly stage: string | null;
  readonly error: StepErrorView | null;
  readonly latency_ms: number | null;
  readonly stages: readonly { readonly stage: string; readonly ms: number; readonly ok: boolean; readonly found: Json }[];
  readonly actor: string;
}

export interface ChecksReport {
  readonly items: readonly Check[];
  readonly pending: readonly string[];
}

/** The keys a host shows, and what is known of each. */
export interface Scan {
  readonly target: string;
  readonly server_version: string | null;
  readonly items: readonly (HostKey & { readonly state: 'new' | 'pinned' | 'changed' | 'revoked'; readonly accepted: boolean })[];
}

/** What became, or would become, of targets that are changed together. */
export interface ChangedTargets {
  readonly changed: readonly string[];
  readonly left_alone: readonly { readonly because: 'unknown' | 'so_already' | 'full'; readonly targets: readonly string[] }[];
}
