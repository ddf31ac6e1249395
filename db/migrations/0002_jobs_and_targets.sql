-- What people own: jobs and their versions, targets, credentials; and the workers that serve them.

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% rows never change', tg_table_name using errcode = 'restrict_violation';
end
$$;

create sequence job_numbers as bigint;

create table jobs (
  id uuid primary key,
  project text not null default 'default',
  number bigint not null default nextval('job_numbers'),
  name text not null,
  title text,
  description text,
  category text,
  tags text[] not null default '{}',
  active boolean not null default true,
  version integer not null,
  sample boolean not null default false,
  created_at timestamptz not null default now(),
  created_by text not null,
  updated_at timestamptz not null default now(),
  updated_by text not null,
  deleted_at timestamptz
);

create unique index jobs_name on jobs (project, name) where deleted_at is null;
create index jobs_category on jobs (project, category, name) where deleted_at is null;

create table job_versions (
  job_id uuid not null references jobs (id),
  version integer not null,
  source text not null,
  format text not null,
  definition jsonb not null,
  plan jsonb not null,
  hash text not null,
  author text not null,
  message text,
  created_at timestamptz not null default now(),
  primary key (job_id, version)
);

create trigger job_versions_immutable before update or delete on job_versions for each row execute function refuse_change();

create table targets (
  id uuid primary key,
  project text not null default 'default',
  name text not null,
  kind text not null,
  description text,
  host text,
  port integer,
  username text,
  credential text,
  tags text[] not null default '{}',
  attributes jsonb not null default '{}',
  timezone text,
  timeout_seconds integer,
  host_key_policy text not null default 'strict',
  host_keys jsonb not null default '[]',
  enabled boolean not null default true,
  sample boolean not null default false,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  created_by text not null,
  updated_at timestamptz not null default now(),
  updated_by text not null
);

create unique index targets_name on targets (project, name);

create table credentials (
  id uuid primary key,
  project text not null default 'default',
  name text not null,
  kind text not null,
  description text,
  username text,
  version integer not null default 1,
  sealed jsonb not null,
  fingerprint text,
  sample boolean not null default false,
  created_at timestamptz not null default now(),
  created_by text not null,
  updated_at timestamptz not null default now(),
  updated_by text not null
);

create unique index credentials_name on credentials (project, name);

create table workers (
  id text primary key,
  host text not null,
  pid integer not null,
  build text,
  queues text[] not null default '{}',
  slots jsonb not null default '{}',
  started_at timestamptz not null,
  last_seen_at timestamptz not null default now()
);
