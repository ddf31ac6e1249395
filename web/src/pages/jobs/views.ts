import type { JobDefinition } from '#jobs/definition.ts';
import type { DefinitionDiff } from '#jobs/diff/diff-definitions.ts';
import type { Hunk } from '#jobs/diff/diff-lines.ts';
import type { Health } from '#jobs/health.ts';
import type { Json } from '#jobs/json.ts';
import type { RunStatus, StepStatus, WaitingFor } from '#jobs/run-state.ts';
import type { ListedJob, Page } from '../../api/views.ts';

/** How one of a job's newest runs went. */
export interface RecentRun {
  readonly id: string;
  readonly number: number;
  readonly status: RunStatus;
  readonly execution_time_ms: number | null;
  readonly created_at: string;
}

/** A job as the list of jobs shows it. */
export interface JobRow extends ListedJob {
  readonly health: Health | null;
  readonly last_run_number: number | null;
  /** Newest first. */
  readonly recent_runs?: readonly RecentRun[] | undefined;
  readonly next_at?: string | null | undefined;
  readonly next_timezone?: string | null | undefined;
}

/** A page of the list of jobs, which can be turned both ways. */
export interface JobsPage extends Page<JobRow> {
  readonly prev: string | null;
}

/** A job at one version. */
export interface JobAt {
  readonly name: string;
  readonly number: number;
  readonly title: string | null;
  readonly description: string | null;
  readonly category: string | null;
  readonly tags: readonly string[];
  readonly active: boolean;
  readonly sample: boolean;
  readonly version: number;
  readonly current_version: number;
  readonly source: string;
  readonly format: 'yaml' | 'json';
  readonly definition: JobDefinition;
  readonly author: string;
  readonly message: string | null;
  readonly saved_at: string;
  readonly updated_at: string;
  readonly updated_by: string;
}

/** A job at its current version, with the tag of that state. */
export interface JobNow extends JobAt {
  readonly etag: string | null;
}

/** A saved job, and whether the save made a version. */
export interface SavedJob extends JobAt {
  readonly is_new_version: boolean;
}

export interface VersionRow {
  readonly version: number;
  readonly hash: string;
  readonly author: string;
  readonly message: string | null;
  readonly created_at: string;
  readonly tags: readonly string[];
}

/** How one version became another. */
export interface VersionDiff {
  readonly from: number;
  readonly to: number;
  readonly definition: DefinitionDiff;
  readonly text: readonly Hunk[];
}

/** A step of a run in the grid of a job. */
export interface GridCell {
  readonly step_id: string;
  readonly step_number: number;
  readonly name: string;
  readonly status: StepStatus;
  readonly waiting_for: WaitingFor | null;
  readonly duration_ms: number | null;
}

/** A column of the grid of a job. */
export interface GridRun {
  readonly id: string;
  readonly number: number;
  readonly version: number | null;
  readonly status: RunStatus;
  readonly waiting_for: WaitingFor | null;
  readonly trigger: string;
  readonly execution_time_ms: number | null;
  readonly created_at: string;
  readonly steps: readonly GridCell[];
}

/** One thing found in a definition. */
export interface Finding {
  readonly pointer: string;
  readonly message: string;
  readonly severity: 'error' | 'warning';
  readonly line?: number | undefined;
}

export interface HealthView {
  readonly name: string;
  readonly version: number;
  readonly health: Health;
  readonly findings: readonly Finding[];
}

export interface TrashedJob {
  readonly id: string;
  readonly name: string;
  readonly title: string | null;
  readonly version: number;
  readonly tags: readonly string[];
  readonly updated_by: string;
  readonly deleted_at: string;
  readonly restorable_until: string;
  readonly has_runs: boolean;
}

/** Who would miss a job. */
export interface DependantsView {
  readonly jobs: readonly { readonly name: string; readonly how: readonly ('step' | 'trigger' | 'choices')[] }[];
  readonly open_runs: readonly string[];
}

export interface CategoriesView {
  readonly items: readonly {
    readonly path: string;
    readonly name: string;
    readonly depth: number;
    readonly jobs: number;
    readonly total: number;
  }[];
}

/** What an import did, or would do, with one definition. */
export interface ImportItem {
  readonly name: string;
  readonly line: number;
  readonly action: 'created' | 'updated' | 'same' | 'skipped' | 'renamed' | 'bad';
  readonly saved_as: string | null;
  readonly problems: readonly Finding[];
  readonly report: readonly { readonly kind: 'renamed' | 'rewritten' | 'unmapped'; readonly pointer: string; readonly message: string }[];
}

export interface ImportReport {
  readonly dry_run: boolean;
  readonly saved: boolean;
  readonly counts: { readonly [action in ImportItem['action']]: number };
  readonly items: readonly ImportItem[];
}

/** A schedule as the page of its job names it. */
export interface JobSchedule {
  readonly name: string;
  readonly words: string;
  readonly timezone: string;
  readonly state: 'active' | 'not_armed' | 'paused' | 'stopped' | 'over';
  readonly stopped_reason: string | null;
  readonly next_at: string | null;
  readonly last_fire_at: string | null;
  readonly last_run: string | null;
  readonly last_status: RunStatus | null;
}

/** The values that may be chosen for a parameter. */
export interface ChoicesView {
  readonly items: readonly Json[];
  readonly as_of: string;
  readonly cached: boolean;
}
