-- Named sets of times, what they import from elsewhere, and when targets may be worked on.

create table calendars (
  id uuid primary key,
  project text not null default 'default',
  name text not null,
  version integer not null default 1,
  source text not null,
  format text not null,
  definition jsonb not null,
  -- Null: that of whatever uses it.
  timezone text,
  created_at timestamptz not null default now(),
  created_by text not null,
  updated_at timestamptz not null default now(),
  updated_by text not null
);

create unique index calendars_name on calendars (project, name);

-- The events that a calendar imports: uploaded, or read again and again where url says.
create table calendar_feeds (
  calendar_id uuid primary key references calendars (id) on delete cascade,
  url text,
  refresh_ms bigint,
  -- The last good text, and what it says of the time between the two moments.
  text text not null,
  hash text not null,
  instances jsonb not null,
  events integer not null,
  expanded_from timestamptz not null,
  expanded_to timestamptz not null,
  -- The version of the zone data by which they were worked out.
  zone_data text not null,
  -- What the server said of it, to be asked whether it changed.
  etag text,
  last_modified text,
  fetched_at timestamptz not null,
  tried_at timestamptz not null,
  attempts integer not null default 0,
  problem text,
  -- When it is to be read or expanded again.
  due_at timestamptz not null
);

create index calendar_feeds_due_at on calendar_feeds (due_at);

-- Texts that a worker has read from elsewhere for somebody who is about to save a calendar.
create table calendar_reads (
  id uuid primary key,
  text text not null,
  etag text,
  last_modified text,
  read_at timestamptz not null default now()
);

-- When steps may start on it; none: at any time.
alter table targets add column maintenance text[] not null default '{}';

-- What waits for such a time.
create index run_steps_windows on run_steps (run_id, key) where waiting_for = 'window';

create index targets_maintenance on targets (project, name) where maintenance <> '{}';
