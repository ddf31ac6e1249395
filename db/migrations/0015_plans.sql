-- What a run would do, kept so that exactly that can be started.

create table plans (
  id uuid primary key,
  project text not null default 'default',
  job text not null,
  job_id uuid not null,
  version integer not null,
  -- Of everything the run would do; a start by this plan finds the same or is refused.
  hash text not null,
  parameters jsonb not null,
  target jsonb,
  steps jsonb,
  ahead jsonb not null,
  created_at timestamptz not null default now(),
  created_by text not null
);

create index plans_created_at on plans (created_at);
