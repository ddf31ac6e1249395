import type { SkipReason } from '#jobs/apply-event.ts';
import type { JobDefinition } from '#jobs/definition.ts';
import type { FailureType } from '#jobs/failure.ts';
import type { Json, JsonObject } from '#jobs/json.ts';
import type { Place } from '#jobs/places.ts';
import type { RerunFacts } from '#jobs/rerun.ts';
import type { RunPhase } from '#jobs/run-phases.ts';
import type { RunStatus, StepStatus, WaitingFor } from '#jobs/run-state.ts';

/** What the API answers, as the page reads it; times are ISO 8601, names the database's own. */
export interface Page<T> {
  readonly items: readonly T[];
  /** The cursor of the next page, or null at the end. */
  readonly next: string | null;
}

export interface SessionView {
  readonly user: { readonly id: string | null; readonly name: string };
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  readonly must_change_password: boolean;
}

export type Theme = 'system' | 'light' | 'dark';
export type Density = 'comfortable' | 'compact' | 'dense';
export type RunTab = 'timeline' | 'graph' | 'hosts' | 'log' | 'outputs' | 'events';

/** What a person prefers, kept with the account. */
export interface Preferences {
  readonly theme: Theme;
  readonly density: Density;
  /** The zone times are shown in; null: the browser's. */
  readonly zone: string | null;
  readonly run_tab: RunTab;
  readonly single_keys: boolean;
  /** By list: its columns in order, with widths where they were changed. */
  readonly columns: { readonly [list: string]: readonly { readonly id: string; readonly width: number | null }[] };
  /** Hints that were closed, e.g. the first-run checklist. */
  readonly dismissed: readonly string[];
  /** Panels that were folded away. */
  readonly folded: readonly string[];
}

export interface RunSummary {
  readonly id: string;
  readonly number: number;
  readonly seq: number;
  readonly job: string;
  readonly title: string | null;
  readonly version: number | null;
  readonly status: RunStatus;
  readonly waiting_for: WaitingFor | null;
  readonly message: string | null;
  readonly error_message: string | null;
  readonly retry_error: string | null;
  readonly client: string | null;
  readonly ref_num: string | null;
  readonly priority: number;
  readonly timezone: string | null;
  readonly trigger: string;
  readonly scheduled_for: string | null;
  readonly created_by: string;
  readonly target: string | null;
  readonly worker_id: string | null;
  readonly workflow_id: string;
  readonly total_steps: number;
  readonly completed_steps: number;
  readonly failed_steps: number;
  readonly execution_time_ms: number | null;
  readonly retry_count: number;
  readonly retry_of: string | null;
  readonly rerun_of: string | null;
  readonly parent_run: string | null;
  readonly parent_key: string | null;
  readonly chain_source: string | null;
  readonly schedule: string | null;
  readonly nominal_at: string | null;
  /** Who caused its newest status, when a person did. */
  readonly status_actor: string | null;
  /** When that was. */
  readonly status_at: string | null;
  readonly progress: number;
  readonly sample: boolean;
  readonly created_at: string;
  readonly queued_at: string | null;
  readonly started_at: string | null;
  readonly ended_at: string | null;
  readonly updated_at: string;
}

export interface PlanStepView {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly type: string;
  readonly needs: readonly string[];
  readonly phase: RunPhase;
  readonly retry?: { readonly delay_ms: number; readonly backoff: number; readonly max_delay_ms: number };
}

export interface RunView extends RunSummary {
  readonly parameters: JsonObject;
  readonly result_data: Json;
  readonly plan_steps: readonly PlanStepView[];
  /** The only steps that run; null: all. */
  readonly selected_steps: readonly string[] | null;
  readonly warnings: readonly string[] | null;
  /** What a re-run keeps of the run before, and why the rest runs. */
  readonly rerun: RerunFacts | null;
  /** Numbers of the runs that hold what it waits for. */
  readonly blocked_by?: readonly number[] | undefined;
  readonly temporal_url: string | null;
  /** What the reader may do with this run. */
  readonly permissions: readonly string[];
}

export interface StepErrorView {
  readonly type: FailureType;
  readonly message: string;
  readonly details?: JsonObject | undefined;
}

export interface AttemptView {
  readonly attempt: number;
  readonly status: StepStatus;
  readonly error: StepErrorView | null;
  readonly worker_id: string | null;
  readonly started_at: string | null;
  readonly ended_at: string | null;
  readonly duration_ms: number | null;
  readonly exit_code: number | null;
  readonly first_line: number | null;
}

export interface StepView {
  readonly key: string;
  readonly step_id: string;
  readonly step_number: number;
  readonly name: string;
  readonly type: string;
  readonly status: StepStatus;
  readonly waiting_for: WaitingFor | null;
  readonly message: string | null;
  readonly error: StepErrorView | null;
  /** What it waits for, or had asked of people. */
  readonly hold: JsonObject | null;
  readonly config: Json;
  readonly outputs: Json;
  readonly result: Json;
  readonly exit_code: number | null;
  readonly target: string | null;
  /** The step on several targets that this one is a part of. */
  readonly parent_key: string | null;
  /** The targets of a step that has a part for each. */
  readonly targets: readonly string[] | null;
  /** What a part is about, of a step that has one for each item. */
  readonly item: Json;
  /** How many parts the step has; absent from rows of before it was told. */
  readonly parts: number | null;
  /** How many of them have each status; what has not begun is not counted. */
  readonly parts_by_status: { readonly [status in StepStatus]?: number | undefined } | null;
  /** The run that executed it, for a result that was kept. */
  readonly kept_from: string | null;
  readonly skip_reason: SkipReason | null;
  readonly worker_id: string | null;
  readonly attempt: number;
  readonly attempts_allowed: number | null;
  readonly progress: number | null;
  readonly progress_message: string | null;
  readonly started_at: string | null;
  readonly ended_at: string | null;
  readonly duration_ms: number | null;
  readonly updated_at: string;
  readonly attempts: readonly AttemptView[];
}

/** What a list of steps shows of each; items and messages are cut short. */
export interface StepSummary
  extends Pick<
    StepView,
    | 'key'
    | 'step_id'
    | 'step_number'
    | 'parent_key'
    | 'status'
    | 'waiting_for'
    | 'message'
    | 'error'
    | 'hold'
    | 'exit_code'
    | 'target'
    | 'targets'
    | 'parts'
    | 'parts_by_status'
    | 'kept_from'
    | 'skip_reason'
    | 'attempt'
    | 'attempts_allowed'
    | 'progress'
    | 'progress_message'
    | 'started_at'
    | 'ended_at'
    | 'duration_ms'
    | 'updated_at'
    | 'item'
  > {
  readonly attempts: readonly AttemptSummary[];
}

export type AttemptSummary = Pick<AttemptView, 'attempt' | 'status' | 'started_at' | 'ended_at'>;

/** A run among those it hangs together with. */
export interface LineageNode {
  readonly id: string;
  readonly number: number;
  readonly job: string;
  readonly version: number | null;
  readonly status: RunStatus;
  readonly created_at: string;
  readonly created_by: string;
  /** What it is to the run in `of`. */
  readonly relation: 'origin' | 'retry' | 'rerun' | 'sub_run' | 'chained';
  readonly of: string | null;
  readonly from: readonly string[] | null;
  readonly kept: readonly string[] | null;
  readonly parent_key: string | null;
}

/** How runs hang together, each after the one it came from. */
export interface Lineage {
  readonly items: readonly LineageNode[];
  readonly truncated: boolean;
}

export interface HistoryEntry {
  readonly id: number;
  /** '' is the run itself. */
  readonly step_key: string;
  /** Which decision of the run it was; null for what was decided elsewhere. */
  readonly seq: number | null;
  readonly status: StepStatus;
  readonly message: string | null;
  readonly progress: number | null;
  readonly actor: string | null;
  readonly at: string;
}

/** A command of a step, as it was given to the host. */
export interface CommandView {
  readonly attempt: number;
  readonly number: number;
  readonly target: string | null;
  readonly command: string;
  readonly output: string;
  readonly error: string;
  readonly exit_code: number | null;
  readonly executed_at: string;
  readonly duration_ms: number | null;
  readonly parsed: Json;
}

/** A file of a step: brought over, or on its way. */
export interface TransferView {
  readonly attempt: number;
  readonly number: number;
  readonly target: string | null;
  readonly operation_type: 'upload' | 'download' | 'copy' | 'delete' | 'link' | 'directory';
  readonly local_path: string | null;
  readonly remote_path: string;
  readonly file_size: number | null;
  readonly bytes_transferred: number;
  /** Bits a second. */
  readonly transfer_rate_bps: number | null;
  readonly status: 'running' | 'completed' | 'failed' | 'skipped';
  readonly started_at: string;
  readonly completed_at: string | null;
  readonly error_message: string | null;
  readonly resumed_from: number;
  readonly sha256: string | null;
}

/** A connection to a host; it may have served several steps. */
export interface ConnectionView {
  readonly session_id: string;
  readonly target: string;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly server_version: string | null;
  readonly host_key_fingerprint: string | null;
  readonly hops: readonly { readonly target: string; readonly host: string; readonly port: number }[];
  readonly connection_established_at: string;
  readonly connection_closed_at: string | null;
  readonly close_reason: string | null;
  readonly commands_executed: number;
  readonly files_transferred: number;
  readonly total_bytes_transferred: number;
}

export interface LogLine {
  readonly n: number;
  readonly at: string;
  readonly stream: 'stdout' | 'stderr' | 'system';
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly text: string;
  readonly attempt: number;
  /** A piece of a longer line, which goes on in the next. */
  readonly continued?: true | undefined;
}

export interface LogPage {
  readonly items: readonly LogLine[];
  /** Number of the first item; 0 without items. */
  readonly first: number;
  readonly total: number;
  readonly first_error_line: number | null;
}

export interface JobSummary {
  readonly name: string;
  readonly number: number;
  readonly title: string | null;
  readonly description: string | null;
  readonly category: string | null;
  readonly tags: readonly string[];
  readonly active: boolean;
  readonly version: number;
  readonly sample: boolean;
  readonly updated_at: string;
  readonly updated_by: string;
}

export interface ListedJob extends JobSummary {
  readonly last_run_id: string | null;
  readonly last_run_status: RunStatus | null;
  readonly last_run_at: string | null;
}

export interface JobView extends JobSummary {
  readonly definition: JobDefinition;
  readonly source: string;
  readonly format: 'yaml' | 'json';
}

export interface CredentialView {
  readonly name: string;
  readonly kind: string;
  readonly description: string | null;
  readonly username: string | null;
  readonly version: number;
  readonly fingerprint: string | null;
  /** When the secret ends by itself, as its writer said. */
  readonly expires_at: string | null;
  /** The names of the secrets it holds. */
  readonly fields: readonly string[];
  readonly used_by: { readonly targets: readonly string[]; readonly jobs: readonly string[]; readonly total: number };
  readonly sample: boolean;
  readonly updated_at: string;
  readonly updated_by: string;
}

export interface WorkerView {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly queues: readonly string[];
  readonly slots: { readonly [queue: string]: { readonly used: number; readonly total: number } };
  readonly last_seen_at: string;
}

/** What the event stream says; a step or run carries its own version, so that older news changes nothing. */
export type LiveMessage =
  | { readonly topic: 'runs'; readonly run: RunSummary }
  | { readonly topic: string; readonly deleted: string }
  | { readonly topic: 'jobs'; readonly job: string }
  | { readonly topic: Place }
  | { readonly topic: `run:${string}`; readonly run: RunSummary }
  | { readonly topic: `run:${string}`; readonly step: StepView }
  | { readonly topic: `run:${string}`; readonly commands: string }
  | { readonly topic: `run:${string}`; readonly transfers: string }
  | { readonly topic: `log:${string}`; readonly key: string; readonly last: number };

/** A key that a host shows. */
export interface HostKey {
  readonly type: string;
  readonly key: string;
  readonly fingerprint: string;
  readonly revoked?: boolean | undefined;
}

/** A target as the API answers it. */
export interface Target {
  readonly name: string;
  readonly kind: string;
  readonly description: string | null;
  readonly host: string | null;
  readonly port: number | null;
  readonly username: string | null;
  readonly credential: string | null;
  readonly device_type: string | null;
  readonly tags: readonly string[];
  readonly attributes: JsonObject;
  readonly timezone: string | null;
  readonly timeout_seconds: number | null;
  readonly jump: string | null;
  readonly remote_dir: string | null;
  readonly host_key_policy: string;
  readonly host_keys: readonly HostKey[];
  readonly legacy_algorithms: boolean;
  readonly maintenance: readonly string[];
  readonly enabled: boolean;
  readonly sample: boolean;
  readonly version: number;
  readonly updated_at: string;
  readonly updated_by: string;
}

/** A target as lists show it. */
export interface ListedTarget extends Target {
  readonly last_check: {
    readonly at: string;
    readonly healthy: boolean;
    readonly stage: string | null;
    readonly latency_ms: number | null;
  } | null;
}
