// Apart from the tables, because importing drizzle costs a process 110 MB, and at run time nobody needs more of the schema than these.

/** From reading to everything; each holds what the one before it holds. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** What caused a run. */
export const TRIGGERS = ['manual', 'api', 'retry', 'rerun', 'schedule', 'sample', 'job', 'chain', 'bulk', 'test'] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** Whether a host must be known before the first contact, or is pinned by it. */
export const HOST_KEY_POLICIES = ['strict', 'accept_new'] as const;
export type HostKeyPolicy = (typeof HOST_KEY_POLICIES)[number];

/** What a look at a target tries, in this order; `prompt` is for devices, `shell` to `clock` for hosts with a shell. */
export const CHECK_STAGES = ['connect', 'host_key', 'login', 'shell', 'sftp', 'space', 'clock', 'prompt'] as const;
export type CheckStage = (typeof CHECK_STAGES)[number];

/** What happened to a file. */
export const TRANSFER_OPERATIONS = ['upload', 'download', 'copy', 'delete', 'link', 'directory'] as const;
export type TransferOperation = (typeof TRANSFER_OPERATIONS)[number];

export const TRANSFER_STATUSES = ['running', 'completed', 'failed', 'skipped'] as const;
export type TransferStatus = (typeof TRANSFER_STATUSES)[number];

/** What became of the end of a run that a trigger listens to; `waiting` is for the other runs of a join. */
export const FIRING_STATUSES = ['pending', 'waiting', 'started', 'not_started'] as const;
export type FiringStatus = (typeof FIRING_STATUSES)[number];

/** Why a trigger started nothing. */
export const FIRING_REASONS = ['condition', 'parameters', 'inactive', 'loop', 'unmatched', 'refused'] as const;
export type FiringReason = (typeof FIRING_REASONS)[number];

/** A person's pause of schedules; the switch that stops all of them; a failed run of a schedule that pauses on failure; a job that is gone or switched off. */
export const PAUSE_KINDS = ['paused', 'maintenance', 'failure', 'stopped'] as const;
export type PauseKind = (typeof PAUSE_KINDS)[number];

/** The columns of an attempt and of a change of status that people see. */
export const ATTEMPT_COLUMNS = [
  'run_id',
  'key',
  'attempt',
  'status',
  'error',
  'worker_id',
  'exit_code',
  'first_line',
  'reattached',
  'started_at',
  'ended_at',
  'duration_ms',
] as const;
export const HISTORY_COLUMNS = [
  'run_id',
  'id',
  'step_key',
  'seq',
  'attempt',
  'status',
  'waiting_for',
  'message',
  'progress',
  'actor',
  'at',
] as const;

/** The columns of a run that lists show: all but those only its own page needs. */
export const RUN_SUMMARY_COLUMNS = [
  'id',
  'project',
  'number',
  'job',
  'job_id',
  'version',
  'title',
  'status',
  'waiting_for',
  'message',
  'error_message',
  'retry_error',
  'client',
  'ref_num',
  'priority',
  'timezone',
  'trigger',
  'scheduled_for',
  'created_by',
  'target',
  'worker_id',
  'workflow_id',
  'total_steps',
  'completed_steps',
  'failed_steps',
  'execution_time_ms',
  'retry_count',
  'retry_of',
  'rerun_of',
  'status_history_count',
  'status_actor',
  'status_at',
  'parent_run',
  'parent_key',
  'chain_source',
  'chain_depth',
  'schedule',
  'schedule_id',
  'nominal_at',
  'progress',
  'seq',
  'sample',
  'created_at',
  'queued_at',
  'started_at',
  'ended_at',
  'updated_at',
] as const;
