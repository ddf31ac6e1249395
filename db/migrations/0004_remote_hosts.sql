-- Remote hosts: how targets are reached, what was done on them, and how they were found at the last look.

alter table targets
  add column device_type text,
  -- Name of the target to connect through.
  add column jump text,
  add column remote_dir text,
  add column legacy_algorithms boolean not null default false;

create index targets_credential on targets (project, credential) where credential is not null;
create index targets_jump on targets (project, jump) where jump is not null;
create index targets_tags on targets using gin (tags);

-- One look at one target.
create table target_checks (
  id uuid primary key,
  project text not null default 'default',
  target text not null,
  at timestamptz not null default now(),
  healthy boolean not null,
  -- The stage that failed; null when none did.
  stage text,
  error jsonb,
  latency_ms integer,
  -- Every stage with its time and what it found.
  stages jsonb not null,
  worker_id text not null,
  actor text not null
);

create index target_checks_target on target_checks (project, target, id desc);

-- One authenticated connection to a host; it may serve steps of several runs.
create table ssh_sessions (
  session_id uuid primary key,
  project text not null default 'default',
  target text not null,
  host text not null,
  port integer not null,
  username text not null,
  server_version text,
  host_key_fingerprint text,
  hops jsonb not null default '[]',
  worker_id text not null,
  connection_established_at timestamptz not null,
  connection_closed_at timestamptz,
  close_reason text,
  commands_executed integer not null default 0,
  files_transferred integer not null default 0,
  total_bytes_transferred bigint not null default 0
);

create index ssh_sessions_open on ssh_sessions (worker_id) where connection_closed_at is null;
create index ssh_sessions_established on ssh_sessions (connection_established_at);

-- Which steps used which session.
create table session_uses (
  run_id uuid not null,
  key text not null,
  session_id uuid not null,
  at timestamptz not null default now(),
  primary key (run_id, key, session_id)
) partition by range (run_id);

-- One command of a step; `attempt` is the one that began the execution, so that a later attempt that took it up writes the same rows.
create table command_results (
  run_id uuid not null,
  key text not null,
  attempt integer not null,
  -- 1-based place in the step.
  number integer not null,
  target text,
  command text not null,
  output text not null default '',
  error text not null default '',
  exit_code integer,
  executed_at timestamptz not null,
  duration_ms bigint,
  parsed jsonb,
  primary key (run_id, key, attempt, number)
) partition by range (run_id);

create table file_transfers (
  run_id uuid not null,
  key text not null,
  attempt integer not null,
  number integer not null,
  target text,
  operation_type text not null,
  local_path text,
  remote_path text not null,
  file_size bigint,
  bytes_transferred bigint not null default 0,
  -- Bits a second.
  transfer_rate_bps bigint,
  status text not null,
  started_at timestamptz not null,
  completed_at timestamptz,
  error_message text,
  -- Bytes that an earlier attempt had brought over.
  resumed_from bigint not null default 0,
  sha256 text,
  primary key (run_id, key, attempt, number)
) partition by range (run_id);

-- Where a step may have left something on a host: a command under way, its files. Struck off once that is gone.
create table remote_work (
  run_id uuid not null,
  key text not null,
  project text not null default 'default',
  target text not null,
  type text not null,
  created_at timestamptz not null default now(),
  -- Looked after not before this.
  next_at timestamptz not null default now(),
  tries integer not null default 0,
  primary key (run_id, key, target)
);

create index remote_work_next_at on remote_work (next_at);

-- Raw bytes of each stream that stand in the chunks up to this one; a later attempt that takes the work up goes on from there.
alter table log_chunks
  add column stdout_bytes bigint not null default 0,
  add column stderr_bytes bigint not null default 0;

-- Took up what an earlier attempt had begun, instead of executing anew.
alter table step_attempts add column reattached boolean not null default false;

-- A step on several targets: its own row names them all, and each has a row of its own under `key[n]`.
alter table run_steps
  add column parent_key text,
  add column targets jsonb;

-- What a run started with that no version of a job holds: a definition of its own with its plan, targets that are more than one name.
create table run_inputs (
  run_id uuid not null primary key,
  definition jsonb,
  plan jsonb,
  target jsonb
) partition by range (run_id);
