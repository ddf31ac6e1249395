-- What a schedule meant when, who is telling Temporal of it, and the one word for how it stands.

alter table schedules
  -- Since when its times are these; a change of anything else leaves it.
  add column effective_at timestamptz not null default now(),
  -- Since when it starts what it means: its times are these, nobody pauses it, its job is there.
  add column live_since timestamptz not null default now(),
  -- Somebody is telling Temporal of it until then: two at once could tell it in the wrong order.
  add column arming_until timestamptz,
  add column state text not null generated always as (
    case
      when stopped_reason is not null then 'stopped'
      when paused and next_at is not null then 'paused'
      when armed_version is distinct from version then 'not_armed'
      when next_at is null then 'over'
      else 'active'
    end) stored;

create index schedules_state on schedules (project, state, name) where deleted_at is null;
create index schedules_state_next on schedules (project, state, next_at, id) where deleted_at is null;
create index schedules_timezone on schedules (project, timezone, name) where deleted_at is null;
create index schedules_client on schedules (project, client, name) where deleted_at is null;
create index schedules_last_fire on schedules (project, last_fire_at, id) where deleted_at is null;
create index schedules_last_status on schedules (project, last_status, name) where deleted_at is null;
create index schedules_arming_until on schedules (arming_until) where arming_until is not null;
create index schedules_paused_until on schedules (paused_until) where paused_until is not null;
create index schedules_planned_until on schedules (planned_until) where deleted_at is null;
-- Those whose next moment is over.
create index schedules_passed on schedules (next_at) where deleted_at is null and next_at is not null;

create index schedule_pauses_until on schedule_pauses (until_at) where schedule_id is null;

-- A moment is meant by the definition that stood when it came.
create table schedule_versions (
  schedule_id uuid not null references schedules (id) on delete cascade,
  version integer not null,
  definition jsonb not null,
  from_at timestamptz not null default now(),
  author text not null,
  primary key (schedule_id, version)
);
