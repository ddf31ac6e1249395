-- What ran. The five partitioned tables share one key, the run's UUIDv7, so a month of all of them is one id range
-- (docs/decisions/0003). Partitions are made by db/partitions.ts.

create sequence run_numbers as bigint;

create table runs (
  id uuid not null,
  project text not null default 'default',
  number bigint not null default nextval('run_numbers'),
  job text not null,
  job_id uuid,
  version integer,
  title text,
  status text not null,
  waiting_for text,
  message text,
  error_message text,
  parameters jsonb not null default '{}',
  client text,
  ref_num text,
  priority smallint not null default 5,
  timezone text,
  trigger text not null,
  scheduled_for timestamptz,
  created_by text not null,
  target text,
  worker_id text,
  workflow_id text not null,
  total_steps integer not null default 0,
  completed_steps integer not null default 0,
  failed_steps integer not null default 0,
  execution_time_ms bigint generated always as ((extract(epoch from ended_at - started_at) * 1000)::bigint) stored,
  retry_count integer not null default 0,
  retry_of uuid,
  progress smallint not null default 0,
  result_data jsonb,
  seq bigint not null default 0,
  sample boolean not null default false,
  created_at timestamptz not null default now(),
  queued_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  updated_at timestamptz not null default now(),
  primary key (id)
) partition by range (id);

create index runs_project_id on runs (project, id desc);
create index runs_status on runs (project, status, id desc);
create index runs_job on runs (project, job, id desc);
create index runs_client on runs (project, client, id desc) where client is not null;
create index runs_ref_num on runs (project, ref_num, id desc) where ref_num is not null;
create index runs_created_by on runs (project, created_by, id desc);
create index runs_execution_time on runs (project, execution_time_ms desc, id desc) where execution_time_ms is not null;
create index runs_number on runs (project, number);
create index runs_open on runs (project, id) where ended_at is null;

create table run_steps (
  run_id uuid not null,
  key text not null,
  project text not null default 'default',
  step_id text not null,
  step_number integer not null,
  name text not null,
  type text not null,
  status text not null,
  waiting_for text,
  message text,
  error jsonb,
  config jsonb,
  outputs jsonb,
  result jsonb,
  exit_code integer,
  stdout text,
  stderr text,
  target text,
  worker_id text,
  attempt integer not null default 0,
  attempts_allowed integer,
  progress smallint not null default 0,
  progress_message text,
  started_at timestamptz,
  ended_at timestamptz,
  duration_ms bigint generated always as ((extract(epoch from ended_at - started_at) * 1000)::bigint) stored,
  updated_at timestamptz not null default now(),
  primary key (run_id, key)
) partition by range (run_id);

create table step_attempts (
  run_id uuid not null,
  key text not null,
  attempt integer not null,
  status text not null,
  error jsonb,
  worker_id text,
  exit_code integer,
  first_line integer,
  started_at timestamptz,
  ended_at timestamptz,
  duration_ms bigint generated always as ((extract(epoch from ended_at - started_at) * 1000)::bigint) stored,
  primary key (run_id, key, attempt)
) partition by range (run_id);

create table status_history (
  run_id uuid not null,
  id bigint generated always as identity,
  step_key text not null default '',
  seq bigint,
  attempt integer,
  status text not null,
  waiting_for text,
  message text,
  progress smallint,
  actor text,
  at timestamptz not null default now(),
  primary key (run_id, id)
) partition by range (run_id);

create table log_chunks (
  run_id uuid not null,
  step_key text not null,
  first_line integer not null,
  attempt integer not null,
  line_count integer not null,
  byte_count integer not null,
  started_at timestamptz not null,
  ended_at timestamptz not null,
  first_error_line integer,
  data bytea not null,
  primary key (run_id, step_key, first_line)
) partition by range (run_id);

-- Deflated already: a second compression would only cost time.
alter table log_chunks alter column data set storage external;

create index log_chunks_errors on log_chunks (run_id, step_key, first_error_line) where first_error_line is not null;

-- A committed row without a started workflow is an orphan that the relay starts.
create table outbox (
  id uuid primary key,
  run uuid not null unique,
  kind text not null,
  payload jsonb not null,
  attempts integer not null default 0,
  next_at timestamptz not null default now(),
  created_at timestamptz not null default now()
);

create index outbox_next_at on outbox (next_at);

create table idempotency_keys (
  project text not null default 'default',
  actor text not null,
  key text not null,
  body_hash text not null,
  run uuid not null,
  created_at timestamptz not null default now(),
  primary key (project, actor, key)
);

create index idempotency_keys_created_at on idempotency_keys (created_at);

-- Counts are inserted as deltas with the change they count and folded later: a counter updated in place would serialise its writers.
create table run_stat_deltas (
  project text not null default 'default',
  hour timestamptz not null,
  job text not null,
  client text not null,
  status text not null,
  duration_bucket smallint not null,
  runs bigint not null,
  total_ms bigint not null
);

create table run_stats (
  project text not null default 'default',
  hour timestamptz not null,
  job text not null,
  client text not null,
  status text not null,
  duration_bucket smallint not null,
  runs bigint not null,
  total_ms bigint not null,
  primary key (project, hour, job, client, status, duration_bucket)
);
