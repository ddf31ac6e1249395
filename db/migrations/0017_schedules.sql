-- When jobs start by themselves, what became of each of those times, and when nothing is to start.

create table schedules (
  id uuid primary key,
  project text not null default 'default',
  name text not null,
  version integer not null default 1,
  -- By name: it may be deleted and come back.
  job text not null,
  -- As its owner wrote it; Temporal is only ever told moments in UTC.
  source text not null,
  format text not null,
  definition jsonb not null,
  timezone text not null,
  client text,
  priority smallint,
  paused boolean not null default false,
  paused_at timestamptz,
  paused_by text,
  pause_note text,
  -- When it resumes by itself.
  paused_until timestamptz,
  -- Why it starts nothing although nobody paused it: its job is gone, its times are over.
  stopped_reason text,
  -- When Temporal is to be told (again); null: it knows everything.
  arm_at timestamptz default now(),
  arm_attempts integer not null default 0,
  arm_problem text,
  -- What Temporal knows: the version, until when its moments reach, in how many calendars, by which zone data; null: nothing yet.
  armed_version integer,
  armed_at timestamptz,
  planned_until timestamptz,
  planned_calendars integer,
  zone_data text,
  -- Moments before this have their row in schedule_fires; when somebody looks over those after it.
  swept_until timestamptz not null default now(),
  sweep_at timestamptz not null default now(),
  next_at timestamptz,
  last_fire_at timestamptz,
  last_run uuid,
  last_status text,
  created_at timestamptz not null default now(),
  created_by text not null,
  updated_at timestamptz not null default now(),
  updated_by text not null,
  deleted_at timestamptz
);

create unique index schedules_name on schedules (project, name) where deleted_at is null;
create index schedules_next_at on schedules (project, next_at, id) where deleted_at is null;
create index schedules_job on schedules (project, job) where deleted_at is null;
create index schedules_arm_at on schedules (arm_at) where arm_at is not null;
create index schedules_sweep_at on schedules (sweep_at) where deleted_at is null;

-- One row for each moment at which a schedule was to start something: what it started, or why it did not. No two runs share one.
create table schedule_fires (
  id uuid primary key default uuidv7(),
  project text not null default 'default',
  schedule_id uuid not null,
  schedule text not null,
  -- The moment that the rule means, whenever it came to it.
  nominal_at timestamptz not null,
  -- 0; more for further runs of the same moment, which a person asked for.
  again smallint not null default 0,
  trigger text not null,
  status text not null,
  reason text,
  message text,
  run uuid,
  backfill uuid,
  asked_by text,
  created_at timestamptz not null default now(),
  decided_at timestamptz,
  unique (schedule_id, nominal_at, again)
);

create index schedule_fires_project_nominal on schedule_fires (project, nominal_at desc, id desc);
create index schedule_fires_run on schedule_fires (run) where run is not null;

-- Times during which a schedule, or with a null schedule all of them, was to start nothing.
create table schedule_pauses (
  id uuid primary key default uuidv7(),
  project text not null default 'default',
  schedule_id uuid,
  kind text not null,
  from_at timestamptz not null default now(),
  until_at timestamptz,
  paused_by text not null,
  note text,
  resumed_by text,
  unique nulls not distinct (project, schedule_id, from_at)
);

create index schedule_pauses_of on schedule_pauses (project, schedule_id, from_at desc);

-- Which schedules a calendar concerns.
create table schedule_calendars (
  schedule_id uuid not null references schedules (id) on delete cascade,
  calendar text not null,
  primary key (schedule_id, calendar)
);

create index schedule_calendars_calendar on schedule_calendars (calendar);

alter table runs
  add column schedule text,
  add column schedule_id uuid,
  -- The moment it stands for.
  add column nominal_at timestamptz;

create index runs_schedule on runs (project, schedule_id, id desc) where schedule_id is not null;
