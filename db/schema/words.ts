// Apart from the tables, because importing drizzle costs a process 110 MB, and at run time nobody needs more of the schema than these.

/** From reading to everything; each holds what the one before it holds. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** What caused a run. */
export const TRIGGERS = ['manual', 'api', 'retry', 'schedule', 'sample'] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** Whether a host must be known before the first contact, or is pinned by it. */
export const HOST_KEY_POLICIES = ['strict', 'accept_new'] as const;
export type HostKeyPolicy = (typeof HOST_KEY_POLICIES)[number];

export const CREDENTIAL_KINDS = ['ssh_password', 'ssh_key'] as const;
export type CredentialKind = (typeof CREDENTIAL_KINDS)[number];

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
  'progress',
  'seq',
  'sample',
  'created_at',
  'queued_at',
  'started_at',
  'ended_at',
  'updated_at',
] as const;
