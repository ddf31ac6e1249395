-- The queues that steps wait in, what was seen of each over the last day, and how clients share them.

create table queues (
  name text primary key,
  capability text not null,
  -- Null: every worker with the capability serves it.
  zone text,
  created_at timestamptz not null default now(),
  -- When a step was about to be put there, or was seen there, for the last time; a while later it is idle.
  last_used_at timestamptz not null default now(),
  -- An idle one has no worker.
  state text not null default 'open',
  paused_at timestamptz,
  paused_by text,
  pause_note text,
  -- Temporal was told whether it is paused.
  pause_told boolean not null default true,
  -- How often its worker failed and was made again, and what has been wrong with it since then.
  failures integer not null default 0,
  problem text,
  problem_at timestamptz
);

create index queues_open on queues (name) where zone is not null and state = 'open';
create index queues_pause_untold on queues (name) where not pause_told;

-- Once a minute for each queue that is not idle.
create table queue_samples (
  queue text not null,
  at timestamptz not null,
  backlog integer not null,
  oldest_ms bigint not null,
  added_per_second real not null,
  dispatched_per_second real not null,
  used integer not null,
  slots integer not null,
  pollers integer not null,
  primary key (queue, at)
);

create index queue_samples_at on queue_samples (at);

-- How many times the share of one who is not named here a client has of a queue that is full.
create table client_weights (
  project text not null default 'default',
  client text not null,
  weight real not null,
  updated_at timestamptz not null default now(),
  updated_by text not null,
  primary key (project, client)
);
