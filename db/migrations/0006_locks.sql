-- Who holds which key and who waits for it, and the moments given to starts that share a rate.

-- A run's own claim has an empty step key. Whoever changes the claims of a key holds the advisory lock of that key meanwhile.
create table lock_claims (
  project text not null default 'default',
  key text not null,
  run_id uuid not null,
  step_key text not null default '',
  -- Who is told when the key is granted.
  workflow_id text not null,
  state text not null,
  priority smallint not null,
  -- How many may hold the key at a time, as this claim sees it.
  max integer not null,
  -- When it was asked for, to the millisecond: among equal priorities the first goes first.
  since timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
  held_since timestamptz,
  -- Its run was asked to end for another that wants the key.
  is_told_to_end boolean not null default false,
  primary key (project, key, run_id, step_key)
);

create index lock_claims_waiting on lock_claims (project, key, priority, since, run_id, step_key) where state = 'waiting';
create index lock_claims_holding on lock_claims (project, key) where state = 'holding';
create index lock_claims_run on lock_claims (run_id);

create table rate_starts (
  project text not null default 'default',
  resource text not null,
  -- The moment given to a start; none is given before an earlier one.
  at timestamptz not null,
  run_id uuid not null,
  step_key text not null,
  -- From then on it counts no more.
  expires_at timestamptz not null
);

create index rate_starts_at on rate_starts (project, resource, at desc);
create index rate_starts_expires_at on rate_starts (expires_at);
