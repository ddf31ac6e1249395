import type { BulkItemStatus, BulkStatus } from '#jobs/bulk.ts';
import type { LeftAlone } from '#jobs/bulk-eligibility.ts';
import type { JsonObject } from '#jobs/json.ts';
import type { RunStatus } from '#jobs/run-state.ts';
import type { RunSummary } from '../../api/views.ts';

/** A run as the list shows it; with parameters where their column is shown. */
export interface ListedRun extends RunSummary {
  readonly parameters?: JsonObject | undefined;
}

/** A page of runs, which can be turned either way. */
export interface RunsPage {
  readonly items: readonly ListedRun[];
  readonly next: string | null;
  readonly prev: string | null;
}

export interface RunsCount {
  readonly count: number;
  /** There are more than `count`. */
  readonly more: boolean;
  readonly at: string;
}

export interface RunsHistogram {
  readonly from: string;
  readonly ms: number;
  readonly buckets: number;
  /** `ended`: those that ended stand where they did, not where they were accepted. */
  readonly counted_by: 'accepted' | 'ended';
  readonly items: readonly { readonly bucket: number; readonly status: RunStatus; readonly runs: number }[];
}

export interface SavedView {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly shared: boolean;
  readonly search: string;
  readonly version: number;
  readonly is_default: boolean;
}

/** What an operation on many would come to. */
export interface BulkPreview {
  /** When it was looked. */
  readonly at: string;
  readonly total: number;
  readonly too_many: boolean;
  readonly eligible: number;
  readonly running: number;
  readonly left_alone: readonly { readonly because: LeftAlone; readonly runs: number; readonly example: number | null }[];
}

export interface BulkView {
  readonly id: string;
  readonly action: string;
  readonly actor: string;
  readonly status: BulkStatus;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly progress: number;
}

export interface BulkItem {
  readonly n: number;
  readonly subject: string;
  readonly status: BulkItemStatus;
  readonly error: string | null;
}
