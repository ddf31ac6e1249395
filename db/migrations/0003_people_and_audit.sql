-- Who may do what, and who did what. People belong to the installation, not to a project.

create table users (
  id uuid primary key,
  name text not null unique,
  display_name text,
  role text not null,
  password_hash text,
  must_change_password boolean not null default false,
  active boolean not null default true,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  last_login_at timestamptz
);

create table groups (
  id uuid primary key,
  name text not null unique,
  description text,
  role text,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table group_members (
  group_id uuid not null references groups (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  primary key (group_id, user_id)
);

create index group_members_user on group_members (user_id);

-- Sessions and tokens are found by the SHA-256 of their secret; the secret itself is never stored.
create table sessions (
  hash text primary key,
  user_id uuid not null references users (id) on delete cascade,
  address text,
  user_agent text,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null
);

create index sessions_user on sessions (user_id);
create index sessions_expires_at on sessions (expires_at);

create table tokens (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  name text not null,
  prefix text not null,
  hash text not null unique,
  role text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);

create index tokens_user on tokens (user_id, id);

create table audit_entries (
  id uuid primary key,
  project text not null default 'default',
  at timestamptz not null default now(),
  actor text not null,
  action text not null,
  subject_kind text not null,
  subject text not null,
  before jsonb,
  after jsonb,
  request_id text,
  reason text
);

create index audit_entries_project_id on audit_entries (project, id desc);
create index audit_entries_subject on audit_entries (project, subject_kind, subject, id desc);
create index audit_entries_actor on audit_entries (project, actor, id desc);

create trigger audit_entries_immutable before update or delete on audit_entries for each row execute function refuse_change();
