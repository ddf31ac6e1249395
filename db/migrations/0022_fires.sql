alter table schedule_fires
  -- Temporal gives what a person starts of one moment the same workflow id again: only the execution tells who a run belongs to.
  add column execution text,
  -- What a person asked for beside the moment; null: as the schedule has it.
  add column overlap text,
  add column parameters jsonb,
  add column note text,
  -- When Temporal was asked to start it, the last time; when somebody saw to it, the last time; since when it has its place in line.
  add column told_at timestamptz,
  add column looked_at timestamptz,
  add column in_line_at timestamptz;

-- What was asked for and nothing has begun yet.
create index schedule_fires_asked on schedule_fires (schedule_id, nominal_at, again) where status = 'asked';

-- What was missed, which of a million moments is little.
create index schedule_fires_missed on schedule_fires (schedule_id, nominal_at, again) where status = 'missed';

-- What expressions of a run know of the schedule that started it, or the run that it repeats.
alter table run_inputs add column schedule jsonb;

create index runs_schedule_open on runs (project, schedule_id, id) where schedule_id is not null and ended_at is null;
create index runs_schedule_name on runs (project, schedule, id desc) where schedule is not null;
