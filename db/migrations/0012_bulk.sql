-- One thing done to many runs or jobs: an object of its own, with what it is done to fixed when it was asked for.

create table bulk_operations (
  id uuid primary key,
  project text not null default 'default',
  subject_kind text not null,
  action text not null,
  reason text,
  actor text not null,
  status text not null default 'running',
  total integer not null,
  done integer not null default 0,
  failed integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  ended_at timestamptz
);

create index bulk_operations_project on bulk_operations (project, id desc);
create index bulk_operations_open on bulk_operations (updated_at) where ended_at is null;

create table bulk_items (
  bulk_id uuid not null references bulk_operations (id) on delete cascade,
  n integer not null,
  -- The id of a run, the name of a job.
  subject text not null,
  status text not null default 'pending',
  error text,
  -- The run that a retry has made.
  made uuid,
  ended_at timestamptz,
  primary key (bulk_id, n)
);

create index bulk_items_status on bulk_items (bulk_id, status, n);
