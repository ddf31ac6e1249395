-- What the list of runs is narrowed and counted by, and the ways of looking at it that people keep.

-- The names' own order: one name still reads its runs newest first, and names that begin alike stand together.
drop index runs_job;
create index runs_job on runs (project, job text_pattern_ops, id desc);
create index runs_target on runs (project, target, id desc) where target is not null;
create index runs_timezone on runs (project, timezone, id desc) where timezone is not null;
create index runs_trigger on runs (project, trigger, id desc);
create index runs_error on runs (project, id desc) where error_message is not null;

-- Ended runs by hour and status alone: all of them are counted from few rows, however many jobs and clients there are.
create table run_hours (
  project text not null default 'default',
  hour timestamptz not null,
  status text not null,
  runs bigint not null,
  primary key (project, hour, status)
);

insert into run_hours (project, hour, status, runs) select project, hour, status, sum(runs) from run_stats group by 1, 2, 3;

create table saved_views (
  id uuid primary key,
  project text not null default 'default',
  -- The list it is a view of.
  list text not null,
  name text not null,
  owner text not null,
  shared boolean not null default false,
  -- The query string of the page.
  search text not null,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create unique index saved_views_name on saved_views (project, list, owner, name);
create index saved_views_shared on saved_views (project, list) where shared;

create table default_views (
  project text not null default 'default',
  list text not null,
  owner text not null,
  view uuid not null references saved_views (id) on delete cascade,
  primary key (project, list, owner)
);
