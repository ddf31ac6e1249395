import type { QueueState } from '#jobs/queues/state.ts';

export interface SlotsView {
  readonly used: number;
  readonly total: number;
  /** Steps that a worker was handed and that wait there until they may. */
  readonly waiting: number;
}

/** A queue as the API shows it; what only Temporal knows is null while it does not answer. */
export interface QueueView {
  readonly name: string;
  readonly capability: string;
  readonly zone: string | null;
  readonly local_time: string | null;
  readonly state: QueueState;
  readonly problem: string | null;
  readonly failures: number;
  readonly paused: { readonly at: string; readonly by: string; readonly note: string | null } | null;
  readonly depth: {
    readonly total: number;
    readonly by_priority: readonly { readonly priority: number; readonly steps: number; readonly oldest_seconds: number }[];
  } | null;
  readonly oldest_seconds: number | null;
  readonly added_per_second: number | null;
  readonly dispatched_per_second: number | null;
  readonly pollers: readonly { readonly worker: string; readonly seen_seconds_ago: number }[] | null;
  readonly slots: SlotsView;
  readonly workers: readonly (SlotsView & { readonly id: string })[];
  readonly created_at: string;
  readonly last_used_at: string;
}

/** A minute of a queue's last day. */
export interface SampleView {
  readonly at: string;
  readonly depth: number;
  readonly oldest_seconds: number;
  readonly added_per_second: number;
  readonly dispatched_per_second: number;
  readonly used: number;
  readonly slots: number;
  readonly pollers: number;
}

export interface QueueDetail extends QueueView {
  readonly history: readonly SampleView[];
}

/** How many times the usual share of a full queue a client gets. */
export interface WeightView {
  readonly client: string;
  readonly weight: number;
  readonly updated_at: string;
  readonly updated_by: string;
}
