-- Steps that wait: for people, for a moment, for a message from outside.

-- What the step waits for, or had asked of people, with their answers.
alter table run_steps add column hold jsonb;

create index run_steps_approvals on run_steps (run_id desc, key) where waiting_for = 'approval';

-- What people are told of steps that wait.
create table notices (
  id uuid primary key,
  project text not null default 'default',
  run_id uuid not null,
  key text not null,
  job text not null,
  kind text not null,
  -- Counts those of one kind that one wait brings.
  number integer not null,
  -- Names of users and groups, and role:<role>; none: whoever may steer the run.
  recipients text[] not null,
  message text not null,
  at timestamptz not null default now()
);

create index notices_run on notices (run_id, at);

-- What was posted to the addresses of steps, each of which takes one body; kept until its run has ended.
create table webhook_arrivals (
  run_id uuid not null,
  key text not null,
  project text not null default 'default',
  body jsonb not null,
  arrived_at timestamptz not null default now(),
  -- When the run was told.
  delivered_at timestamptz,
  next_at timestamptz not null default now() + interval '2 seconds',
  tries integer not null default 0,
  primary key (run_id, key)
);

create index webhook_arrivals_owed on webhook_arrivals (next_at) where delivered_at is null;
