-- Going over the past of a schedule: which of its moments are started, and what became of each.

create table backfills (
  id uuid primary key,
  project text not null default 'default',
  schedule_id uuid not null,
  schedule text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  reprocess text not null,
  max_active integer not null,
  in_order text not null,
  ignore_calendars boolean not null default false,
  -- Instead of those of the schedule, name by name.
  parameters jsonb,
  note text,
  actor text not null,
  status text not null default 'running',
  -- Of the moments in order: what a dry run listed is what runs.
  list_hash text not null,
  total integer not null,
  started integer not null default 0,
  ended integer not null default 0,
  -- Of those that ended.
  failed integer not null default 0,
  refused integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  ended_at timestamptz
);

create index backfills_of on backfills (project, schedule_id, id desc);
create index backfills_open on backfills (updated_at) where ended_at is null;

create table backfill_fires (
  backfill_id uuid not null references backfills (id) on delete cascade,
  n integer not null,
  nominal_at timestamptz not null,
  -- Which run of this moment it becomes, fixed here so that it becomes one run however often it is begun.
  again smallint not null,
  -- The run of this moment that is repeated; null: it has none.
  earlier_run uuid,
  status text not null default 'pending',
  error text,
  run uuid,
  run_status text,
  ended_at timestamptz,
  primary key (backfill_id, n)
);

create index backfill_fires_status on backfill_fires (backfill_id, status, n);

-- What dry runs listed, so that whoever agreed to one can be told what is different now.
create table backfill_dry_runs (
  list_hash text primary key,
  schedule_id uuid not null,
  -- [moment, again, earlier run], in order.
  fires jsonb not null,
  created_at timestamptz not null default now()
);

-- What starts when, of all schedules and of runs that wait for their time.
create index schedule_fires_agenda on schedule_fires (project, nominal_at, schedule_id, again);
create index runs_scheduled_for on runs (project, scheduled_for, id) where status = 'scheduled';
