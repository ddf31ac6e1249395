-- Runs that other runs started: sub-runs, which a step of theirs asks for, and chains, which follow the end of a run.

alter table runs
  -- The run whose step started this one, the step's key there, and which try of that step it was.
  add column parent_run uuid,
  add column parent_key text,
  add column parent_attempt integer,
  -- The run whose end started this one; of several, the one that ended last.
  add column chain_source uuid,
  -- How many ends of runs led here; a sub-run has its parent's.
  add column chain_depth integer not null default 0;

create index runs_parent on runs (project, parent_run, id desc) where parent_run is not null;
create index runs_chain_source on runs (project, chain_source, id desc) where chain_source is not null;

-- What the current versions of jobs listen to: one row for each job that a trigger names.
create table job_triggers (
  project text not null default 'default',
  -- The job whose runs' ends are listened to, and with which status.
  source text not null,
  job_id uuid not null references jobs (id) on delete cascade,
  -- 0-based place among the job's triggers.
  position integer not null,
  statuses text[] not null,
  -- The trigger as its author wrote it.
  trigger jsonb not null,
  primary key (project, source, job_id, position)
);

create index job_triggers_job on job_triggers (job_id);

-- The end of one run that one trigger listens to, written with that end, and what became of it.
create table trigger_firings (
  id uuid primary key default uuidv7(),
  project text not null default 'default',
  job_id uuid not null,
  position integer not null,
  trigger jsonb not null,
  source_run uuid not null,
  source_job text not null,
  -- `pending` until it is looked at, `waiting` for other runs of a join, then what came of it.
  status text not null default 'pending',
  -- Why nothing was started, in a word and in a sentence.
  reason text,
  message text,
  problems jsonb,
  -- What was started.
  run uuid,
  attempts integer not null default 0,
  next_at timestamptz,
  created_at timestamptz not null default now(),
  decided_at timestamptz,
  unique (job_id, position, source_run)
);

create index trigger_firings_next_at on trigger_firings (next_at) where next_at is not null;
create index trigger_firings_open on trigger_firings (job_id, position) where next_at is not null;
create index trigger_firings_job on trigger_firings (job_id, id desc);
